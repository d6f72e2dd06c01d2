internal import CLibmongoc
import Synchronization

/// One transaction while it is open; pass it to operations that belong to it.
///
/// Its operations run one after the other on one thread and one connection.
public final class MongoSession: Sendable {
    let engine: Engine
    let lease: Lease

    init(engine: Engine, lease: Lease) {
        self.engine = engine
        self.lease = lease
    }

    deinit { close() }

    /// Gives the thread back; a transaction that is still open is aborted.
    func close() {
        lease.inbox.close(MongoError(.sessionEnded, "The transaction of this session is over"))
    }

    func begin() async throws {
        let commitTime = Int64(engine.configuration.operationTimeout.milliseconds)
        try await engine.perform(.transactional, session: self) { context in
            let options = mongoc_transaction_opts_new()
            let read = mongoc_read_concern_new()
            let write = mongoc_write_concern_new()
            defer {
                mongoc_transaction_opts_destroy(options)
                mongoc_read_concern_destroy(read)
                mongoc_write_concern_destroy(write)
            }
            mongoc_read_concern_set_level(read, "snapshot")
            mongoc_write_concern_set_wmajority(write, Int32(clamping: commitTime))
            mongoc_write_concern_set_journal(write, true)
            mongoc_transaction_opts_set_read_concern(options, read)
            mongoc_transaction_opts_set_write_concern(options, write)
            mongoc_transaction_opts_set_max_commit_time_ms(options, commitTime)
            var error = bson_error_t()
            guard mongoc_client_session_start_transaction(context.session, options, &error) else {
                throw ErrorTranslator.translate(LibraryError(error), intent: .transactional)
            }
        }
    }

    func commit() async throws {
        try await engine.perform(.commit, session: self) { context in
            var error = bson_error_t()
            let reply = BSONBuffer()
            guard mongoc_client_session_commit_transaction(context.session, reply.pointer, &error) else {
                throw ErrorTranslator.translate(LibraryError(error, reply: reply.document), intent: .commit)
            }
        }
    }

    /// Gives up what was written. Not cancellable: a cancelled task cleans up too. Errors do not matter, because the
    /// server drops what is never committed.
    func abort() async {
        try? await engine.perform(.transactional, session: self, isCancellable: false) { context in
            var error = bson_error_t()
            if context.isInTransaction { _ = mongoc_client_session_abort_transaction(context.session, &error) }
        }
    }
}
