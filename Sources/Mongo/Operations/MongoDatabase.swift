internal import CLibmongoc

/// One database of a client. A cheap value.
public struct MongoDatabase: Sendable {
    let client: MongoClient
    /// The database's name.
    public let name: String

    /// A collection by name; it need not exist yet.
    public func collection(_ name: String) -> MongoCollection {
        MongoCollection(client: client, database: self.name, name: name)
    }

    /// Runs a command on the primary. `maxTimeMS` is added unless the command has it.
    ///
    /// Prefer the methods of ``MongoCollection``: commands that write are sent once, without the driver's retry, except
    /// those of the server's retryable kinds.
    /// - Throws: ``MongoError``; a lost connection is `outcomeUnknown` unless the command only reads.
    public func command(
        _ command: BSONDocument, session: MongoSession? = nil, timeout: Duration? = nil
    ) async throws -> BSONDocument {
        let intent = Command.intent(of: command, inTransaction: session != nil)
        let database = name
        return try await client.engine.perform(intent, timeout: timeout, session: session) { context in
            try Command.run(command, on: database, intent: intent, in: context)
        }
    }

    /// Removes the database with all its collections.
    public func drop() async throws { _ = try await write(["dropDatabase": 1]) }
}
