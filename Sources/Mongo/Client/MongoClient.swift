import Logging

/// A client of one MongoDB deployment: own threads, a bounded queue, and a deadline for every operation.
///
/// Safe to share. Nothing connects before the first operation; a server that is away is looked for again by each
/// operation, so the client recovers by itself. Call ``shutdown()`` at the end.
public final class MongoClient: Sendable {
    let engine: Engine

    /// Starts the client's threads.
    ///
    /// - Parameters:
    ///   - configuration: where the server is, and the limits.
    ///   - logger: gets libmongoc's own messages at debug level. They are process-wide: the newest client's logger counts.
    public init(configuration: MongoConfiguration, logger: Logger) {
        Libmongoc.start()
        Libmongoc.log(to: logger)
        engine = Engine(configuration)
        engine.start()
    }

    deinit { engine.close() }

    /// The settings the client was made with.
    public var configuration: MongoConfiguration { engine.configuration }

    /// A database by name; the one in the connection string when `nil`.
    public func database(_ name: String? = nil) -> MongoDatabase {
        MongoDatabase(client: self, name: name ?? configuration.database)
    }

    /// How many operations wait for a thread now.
    public var waitingOperations: Int { engine.queue.count }

    /// Asks the primary for a sign of life.
    ///
    /// - Returns: how long it took.
    /// - Throws: ``MongoError``.
    @discardableResult
    public func ping() async throws -> Duration {
        let start = ContinuousClock.now
        _ = try await database("admin").command(["ping": 1])
        return ContinuousClock.now - start
    }

    /// Refuses new operations, waits for those under way (each is bounded by its deadline), ends the threads and closes
    /// every connection. May be called more than once.
    public func shutdown() async {
        engine.close()
        await engine.closed()
    }
}
