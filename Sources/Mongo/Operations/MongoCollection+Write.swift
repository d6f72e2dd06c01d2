// Single writes: bulks of one, whose only error is thrown. All are confirmed by a majority and its journals.
extension MongoCollection {
    /// Adds a document. Give it an `_id`, so that a repetition after `outcomeUnknown` is a duplicate key and no second
    /// document.
    ///
    /// - Throws: ``MongoError``; `duplicateKey`, `validation`.
    public func insert(_ document: BSONDocument, session: MongoSession? = nil) async throws {
        _ = try await one(.insert(document), session)
    }

    /// Adds documents in order, up to the first that fails.
    public func insert(_ documents: [BSONDocument], session: MongoSession? = nil) async throws {
        let result = try await bulkWrite(documents.map(MongoWrite.insert), ordered: true, session: session)
        if let error = result.writeErrors.first { throw error.asError }
    }

    /// Changes the first document that matches; with `upsert`, adds one when none does.
    @discardableResult
    public func update(
        one filter: BSONDocument, _ update: BSONDocument, upsert: Bool = false, session: MongoSession? = nil
    ) async throws -> MongoBulkResult {
        try await one(.updateOne(filter: filter, update: update, upsert: upsert), session)
    }

    /// Changes all documents that match. Not repeated by the driver when the connection breaks.
    @discardableResult
    public func update(
        many filter: BSONDocument, _ update: BSONDocument, upsert: Bool = false, session: MongoSession? = nil
    ) async throws -> MongoBulkResult {
        try await one(.updateMany(filter: filter, update: update, upsert: upsert), session)
    }

    /// Removes the first document that matches.
    ///
    /// - Returns: how many were removed: 0 or 1.
    @discardableResult
    public func delete(one filter: BSONDocument, session: MongoSession? = nil) async throws -> Int {
        try await one(.deleteOne(filter: filter), session).deleted
    }

    /// Removes all documents that match. Not repeated by the driver when the connection breaks.
    ///
    /// - Returns: how many were removed.
    @discardableResult
    public func delete(many filter: BSONDocument, session: MongoSession? = nil) async throws -> Int {
        try await one(.deleteMany(filter: filter), session).deleted
    }

    /// Changes the first document that matches and returns it, in one atomic step.
    ///
    /// - Parameters:
    ///   - filter: which document.
    ///   - update: update operators such as `$set` and `$inc`.
    ///   - returnNew: the document after the change; otherwise as it was before.
    ///   - upsert: add one when none matches.
    ///   - sort: which of several comes first.
    ///   - projection: which fields to return.
    ///   - session: the transaction this belongs to.
    /// - Returns: `nil` when none matched (with `upsert` and not `returnNew` also when one was added).
    public func findAndUpdate(
        _ filter: BSONDocument, _ update: BSONDocument, returnNew: Bool = true, upsert: Bool = false,
        sort: BSONDocument? = nil, projection: BSONDocument? = nil, session: MongoSession? = nil
    ) async throws -> BSONDocument? {
        let command = BSONDocument { writer in
            writer.append("findAndModify", name)
            writer.append("query", filter)
            writer.append("update", update)
            writer.append("new", returnNew)
            writer.append("upsert", upsert)
            writer.append("sort", ifPresent: sort)
            writer.append("fields", ifPresent: projection)
        }
        return try await findAndModify(command, session)
    }

    /// Removes the first document that matches and returns it, in one atomic step.
    public func findAndDelete(
        _ filter: BSONDocument, sort: BSONDocument? = nil, session: MongoSession? = nil
    ) async throws -> BSONDocument? {
        let command = BSONDocument { writer in
            writer.append("findAndModify", name)
            writer.append("query", filter)
            writer.append("remove", true)
            writer.append("sort", ifPresent: sort)
        }
        return try await findAndModify(command, session)
    }

    private func findAndModify(_ command: BSONDocument, _ session: MongoSession?) async throws -> BSONDocument? {
        let database = database
        return try await perform(.write, session) { context, _ in
            let intent: Intent = context.session == nil ? .write : .transactional
            return try Command.run(command, on: database, intent: intent, isRetryable: true, in: context)
                .document("value")
        }
    }

    private func one(_ write: MongoWrite, _ session: MongoSession?) async throws -> MongoBulkResult {
        let result = try await bulkWrite([write], ordered: true, session: session)
        if let error = result.writeErrors.first { throw error.asError }
        return result
    }
}
