internal import CLibmongoc

/// Owns a `mongoc_cursor_t` while its documents are copied out.
///
/// A class, because the compiler (6.3) leaves out the `deinit` of a noncopyable structure of this shape, and each
/// cursor costs 5 KB.
final class Cursor {
    private let pointer: OpaquePointer
    private let context: WorkerContext

    init(_ pointer: OpaquePointer?, _ context: WorkerContext) throws {
        guard let pointer else { throw MongoError(.invalid, "libmongoc made no cursor") }
        self.pointer = pointer
        self.context = context
    }

    deinit { mongoc_cursor_destroy(pointer) }

    /// Reads batches until the end, `limit` documents, or the deadline.
    func drain(limit: Int, maximumBytes: Int) throws -> [BSONDocument] {
        var documents: [BSONDocument] = []
        var bytes = 0
        var current: OpaquePointer?
        while documents.count < limit, mongoc_cursor_next(pointer, &current) {
            let document = BSONDocument(copying: current)
            bytes += document.bytes.count
            guard bytes <= maximumBytes else {
                throw MongoError(
                    .resultTooLarge, "The result has more than \(maximumBytes) bytes; ask for fewer documents")
            }
            documents.append(document)
            if documents.count & 0xFF == 0, ContinuousClock.now > context.deadline {
                throw MongoError(
                    .timeout, "The operation ended while its documents were read, because its time was up")
            }
        }
        var error = bson_error_t()
        var reply: OpaquePointer?
        if mongoc_cursor_error_document(pointer, &error, &reply) {
            let intent: Intent = context.session == nil ? .read : .transactional
            throw ErrorTranslator.translate(LibraryError(error, reply: BSONDocument(copying: reply)), intent: intent)
        }
        return documents
    }
}
