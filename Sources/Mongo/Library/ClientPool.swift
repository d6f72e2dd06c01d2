internal import CLibmongoc
import Synchronization

/// libmongoc's pool of clients. Made at the first use on one of our own threads, because reading a `mongodb+srv`
/// address asks the name service and blocks.
///
// Unchecked: `mongoc_client_pool_t` is the one object of libmongoc that threads may share; the pointer is written
// under the mutex and destroyed after the last thread has ended.
final class ClientPool: @unchecked Sendable {
    private let configuration: MongoConfiguration
    private let pool = Mutex<UInt>(0)

    init(_ configuration: MongoConfiguration) { self.configuration = configuration }

    /// Lends a client for one job. Blocks for at most the operation timeout: call it on a worker thread only.
    func withClient<Result>(_ body: (OpaquePointer) throws -> Result) throws -> Result {
        let pool = try open()
        guard let client = mongoc_client_pool_pop(pool) else {
            throw MongoError(.connection, "No client of the pool came free in \(configuration.operationTimeout)")
        }
        defer { mongoc_client_pool_push(pool, client) }
        return try body(client)
    }

    private func open() throws -> OpaquePointer {
        try pool.withLock { address in
            if let known = OpaquePointer(bitPattern: address) { return known }
            let uri = try ConnectionString(configuration.uri)
            uri.apply(configuration)
            var error = bson_error_t()
            guard let created = mongoc_client_pool_new_with_error(uri.pointer, &error) else {
                throw MongoError(.connection, "The connection pool cannot be made: \(error.text)")
            }
            mongoc_client_pool_set_error_api(created, MONGOC_ERROR_API_VERSION_2)
            address = UInt(bitPattern: created)
            return created
        }
    }

    /// Closes every connection. Only after the last thread that used the pool has ended.
    func destroy() {
        pool.withLock { address in
            if let known = OpaquePointer(bitPattern: address) { mongoc_client_pool_destroy(known) }
            address = 0
        }
    }
}
