internal import CLibmongoc

extension MongoCollection {
    /// Sends many writes in as few round trips as possible and tells the outcome of each.
    ///
    /// Neighbours of the same kind share one command: put inserts beside inserts. Transient failures are repeated once
    /// by the driver, without doing anything twice, except `updateMany` and `deleteMany`.
    ///
    /// - Parameters:
    ///   - writes: what to do; their indexes count from 0 in the result.
    ///   - ordered: stop at the first error; otherwise all others are still tried.
    ///   - durability: what an acknowledged write has survived. In a transaction the commit decides.
    ///   - session: the transaction this belongs to. There the first error ends the transaction.
    /// - Throws: ``MongoError``, never for errors of single writes: those are in the result. `outcomeUnknown` when
    ///   writes were sent and not confirmed.
    public func bulkWrite(
        _ writes: [MongoWrite], ordered: Bool, durability: MongoDurability = .journaledMajority,
        session: MongoSession? = nil
    ) async throws -> MongoBulkResult {
        if writes.isEmpty { return MongoBulkResult() }
        if let problem = writes.lazy.compactMap(\.problem).first { throw problem }
        return try await perform(.write, session) { context, collection in
            let options = try context.options { writer in
                writer.append("ordered", ordered)
                if !context.isInTransaction {
                    writer.append(
                        "writeConcern", durability == .acknowledged ? ["w": .int32(1)] : Concern.durable(context))
                }
            }
            let bulk = Bulk(mongoc_collection_create_bulk_operation_with_opts(collection, options.pointer))
            for write in writes { try bulk.add(write) }
            let intent: Intent = context.session == nil ? .write : .transactional
            let result = try bulk.execute(intent)
            if !ordered { try result.checkInserts(of: writes) }
            return result
        }
    }
}

extension MongoWrite {
    /// What is wrong before anything is sent.
    var problem: MongoError? {
        let documents: [BSONDocument] =
            switch self {
            case .insert(let document): [document]
            case .updateOne(let filter, let update, _), .updateMany(let filter, let update, _): [filter, update]
            case .deleteOne(let filter), .deleteMany(let filter): [filter]
            }
        guard documents.contains(where: { $0.bytes.count > BSONLimit.documentBytes }) else { return nil }
        return MongoError(.invalid, "A document has more than \(BSONLimit.documentBytes) bytes, which is the limit")
    }
}

extension MongoBulkResult {
    /// Every insert of an unordered bulk has an outcome, unless the connection broke between two of its batches.
    func checkInserts(of writes: [MongoWrite]) throws {
        func isInsert(_ write: MongoWrite) -> Bool { if case .insert = write { true } else { false } }
        let expected = writes.count(where: isInsert)
        let failed = writeErrors.count { writes.indices.contains($0.index) && isInsert(writes[$0.index]) }
        guard inserted + failed >= expected else {
            throw MongoError(
                .outcomeUnknown, "\(expected - inserted - failed) of \(expected) inserts have no known outcome")
        }
    }

    init(reply: BSONDocument) {
        inserted = reply.int("nInserted") ?? 0
        matched = reply.int("nMatched") ?? 0
        modified = reply.int("nModified") ?? 0
        deleted = reply.int("nRemoved") ?? 0
        upserted = reply.int("nUpserted") ?? 0
        writeErrors = (reply.array("writeErrors") ?? []).compactMap(\.documentValue).map(MongoWriteError.init)
    }
}
