internal import CLibmongoc

/// Owns a `mongoc_bulk_operation_t`.
struct Bulk: ~Copyable {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) { self.pointer = pointer }

    deinit { mongoc_bulk_operation_destroy(pointer) }

    func add(_ write: MongoWrite) throws {
        var error = bson_error_t()
        let added: Bool
        switch write {
        case .insert(let document):
            added = try document.lend { mongoc_bulk_operation_insert_with_opts(pointer, $0, nil, &error) }
        case .updateOne(let filter, let update, let upsert):
            added = try Self.update(filter, update, upsert) { filter, update, options in
                mongoc_bulk_operation_update_one_with_opts(pointer, filter, update, options, &error)
            }
        case .updateMany(let filter, let update, let upsert):
            added = try Self.update(filter, update, upsert) { filter, update, options in
                mongoc_bulk_operation_update_many_with_opts(pointer, filter, update, options, &error)
            }
        case .deleteOne(let filter):
            added = try filter.lend { mongoc_bulk_operation_remove_one_with_opts(pointer, $0, nil, &error) }
        case .deleteMany(let filter):
            added = try filter.lend { mongoc_bulk_operation_remove_many_with_opts(pointer, $0, nil, &error) }
        }
        guard added else { throw ErrorTranslator.translate(LibraryError(error), intent: .read) }
    }

    private static let upserting: BSONDocument = ["upsert": true]

    private static func update(
        _ filter: BSONDocument, _ update: BSONDocument, _ upsert: Bool,
        _ body: (OpaquePointer, OpaquePointer, OpaquePointer?) -> Bool
    ) throws -> Bool {
        try filter.lend { filter in
            try update.lend { update in
                upsert ? try upserting.lend { body(filter, update, $0) } : body(filter, update, nil)
            }
        }
    }

    /// Sends all; errors of single writes are part of the result.
    func execute(_ intent: Intent) throws -> MongoBulkResult {
        let buffer = BSONBuffer()
        var error = bson_error_t()
        let done = mongoc_bulk_operation_execute(pointer, buffer.pointer, &error) != 0
        let reply = buffer.document
        if let problem = reply.array("writeConcernErrors")?.first?.documentValue {
            throw MongoError(
                .outcomeUnknown, "The writes are not confirmed: \(problem.string("errmsg") ?? "no reason given")")
        }
        let result = MongoBulkResult(reply: reply)
        let isServers = [MONGOC_ERROR_SERVER.rawValue, MONGOC_ERROR_COMMAND.rawValue].contains(error.domain)
        guard done || (isServers && !result.writeErrors.isEmpty) else {
            throw ErrorTranslator.translate(LibraryError(error, reply: reply), intent: intent)
        }
        return result
    }
}
