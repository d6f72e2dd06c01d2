import Logging

/// A pool of connections to one Postgres database. Connections are opened when they are needed, and again when Postgres
/// comes back after it was away. Every wait is bounded; every error is a `PostgresError`, unless a closure threw its own.
public final class PostgresClient: Sendable {
    /// As given.
    public let configuration: PostgresConfiguration
    let pool: ConnectionPool
    private let counters = Counters()

    /// Makes a client. Nothing is opened yet.
    public init(configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        pool = ConnectionPool(configuration: configuration, counters: counters, logger: logger)
    }

    /// Runs one statement. With settings it runs in a transaction of its own that has them, all in one round trip:
    /// `BEGIN`, the settings, the statement, `COMMIT`. Without, it is sent as it is and commits by itself.
    ///
    /// - Parameter timeout: how long the statement may run; the configuration's `statementTimeout` when nil.
    /// - Throws: `.outcomeUnknown` when the connection was lost and the statement was no read (see `SQL`): it may have
    ///   been committed. After any other error nothing was.
    public func query(
        _ sql: SQL, settings: PostgresSettings = [:], timeout: Duration? = nil
    ) async throws -> PostgresRows {
        let batch = try Batch.single(sql, settings: settings, timeout: timeout ?? configuration.statementTimeout)
        return try await pool.withSlot { try await $0.run(batch) }
    }

    /// Runs statements in one transaction on one connection. `BEGIN` and the settings travel with the first statement; no
    /// statement, no round trip. It is committed when `body` returns and rolled back when `body` throws, when the task is
    /// cancelled, or when a statement failed even though `body` went on.
    ///
    /// - Throws: what `body` throws; `.outcomeUnknown` when the connection was lost during `COMMIT`.
    public func transaction<T: Sendable>(
        settings: PostgresSettings = [:], _ body: (PostgresTransaction) async throws -> T
    ) async throws -> T {
        try await pool.withSlot { slot in
            let transaction = PostgresTransaction(
                slot: slot, settings: settings, timeout: configuration.statementTimeout)
            let value: T
            do {
                value = try await body(transaction)
            } catch {
                await transaction.rollBack()
                throw error
            }
            try await transaction.commit()
            return value
        }
    }

    /// Runs text of several statements, as migrations have it. It takes no parameters. Without `BEGIN` in the text all of
    /// it is one transaction. A transaction that the text leaves open is rolled back.
    public func script(_ sql: String, timeout: Duration = .seconds(600)) async throws {
        try await withConnection { try await $0.script(sql, timeout: timeout) }
    }

    /// Lends one connection for work that needs a session, such as session locks. The connection is closed afterwards, so
    /// that nothing of the session reaches another caller.
    public func withConnection<T>(_ body: (PostgresConnection) async throws -> T) async throws -> T {
        try await pool.withSlot { slot in
            let connection = PostgresConnection(slot: slot, timeout: configuration.statementTimeout)
            do {
                let value = try await body(connection)
                await connection.end()
                return value
            } catch {
                await connection.end()
                throw error
            }
        }
    }

    /// Asks the server for an answer and tells how long it took, waiting for a connection included.
    public func ping() async throws -> Duration {
        let start = ContinuousClock.now
        _ = try await query("SELECT 1")
        return .now - start
    }

    /// The version of the server, for example `15.20`.
    public func serverVersion() async throws -> String {
        guard let row = try await query("SHOW server_version").first else { return "" }
        return try row.get(at: 0, as: String.self).prefix { $0 != " " }.description
    }

    /// What the client has done and does.
    public var statistics: PostgresStatistics {
        let usage = pool.usage
        return counters.snapshot(leased: usage.leased, waiting: usage.waiting)
    }

    /// Refuses new work, waits for work under way (at most the statement timeout and some seconds), and closes all
    /// connections. Can be called again.
    public func shutdown() async {
        await pool.shutDown(limit: configuration.statementTimeout + .seconds(5))
    }
}
