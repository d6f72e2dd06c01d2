internal import CLibmongoc

/// What a job may touch: the handles of its worker's thread. Not `Sendable`, lives as long as the job.
struct WorkerContext {
    /// The `mongoc_client_t` the worker popped for this job.
    let client: OpaquePointer
    /// The `mongoc_client_session_t` when the worker is pinned to a session.
    let session: OpaquePointer?
    /// When nobody waits any more.
    var deadline: ContinuousClock.Instant

    /// Milliseconds left for the server, at least 1.
    var remaining: Int64 { Int64((deadline - .now).milliseconds) }

    /// Whether a transaction is open, in which reads and writes take its concerns.
    var isInTransaction: Bool { session.map { mongoc_client_session_in_transaction($0) } ?? false }

    /// The options of a call, with the session in them.
    func options(_ build: (inout BSONWriter) -> Void) throws -> BSONBuffer {
        let options = try BSONBuffer(BSONDocument(capacity: 128, build))
        if let session {
            var error = bson_error_t()
            guard mongoc_client_session_append(session, options.pointer, &error) else {
                throw ErrorTranslator.translate(LibraryError(error), intent: .read)
            }
        }
        return options
    }
}
