internal import CLibmongoc

/// One collection. A cheap value; ``with(timeout:)`` and ``with(readConcern:)`` give variants of it.
///
/// Every method throws ``MongoError`` and has a deadline: the client's operation timeout unless told otherwise. With a
/// `session`, the operation belongs to that transaction, whose read and write concerns count then.
public struct MongoCollection: Sendable {
    let client: MongoClient
    let database: String
    /// The collection's name.
    public let name: String
    var timeout: Duration?
    var readConcern = MongoReadConcern.majority

    /// The same collection with another deadline for its operations. The connection itself gives up two seconds after
    /// the client's operation timeout, so a longer one has no use.
    public func with(timeout: Duration) -> MongoCollection {
        var copy = self
        copy.timeout = timeout
        return copy
    }

    /// The same collection with reads of another concern.
    public func with(readConcern: MongoReadConcern) -> MongoCollection {
        var copy = self
        copy.readConcern = readConcern
        return copy
    }

    /// Runs a blocking call with libmongoc's collection on a worker thread.
    func perform<Value: Sendable>(
        _ intent: Intent, _ session: MongoSession?,
        _ body: @escaping @Sendable (WorkerContext, OpaquePointer) throws -> Value
    ) async throws -> Value {
        let (database, name) = (database, name)
        let intent = session == nil ? intent : .transactional
        return try await client.engine.perform(intent, timeout: timeout, session: session) { context in
            guard let collection = mongoc_client_get_collection(context.client, database, name) else {
                throw MongoError(.invalid, "There can be no collection \(name)")
            }
            defer { mongoc_collection_destroy(collection) }
            return try body(context, collection)
        }
    }
}
