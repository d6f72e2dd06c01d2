import Foundation
import Logging
import Postgres

/// A database of a test's own on the server that DIRECT_URL names.
public final class TestPostgres: Sendable {
    /// The database's name.
    public let name: String
    /// Connects as the role that owns the schema.
    public let ownerURL: String
    /// Connects as the role the server runs with, which cannot bypass row-level security.
    public let runtimeURL: String

    private init(name: String, server: PostgresTestServer) {
        self.name = name
        ownerURL = server.owner(of: name)
        runtimeURL = server.runtime(of: name)
    }

    /// Makes a database; it is dropped when the process ends, or by ``drop()``.
    /// - Parameter migrated: whether it has the schema of `prisma-equivalent-sql/`. It is copied from a template that is
    ///   migrated once in each process, so that this is cheap.
    public static func fresh(migrated: Bool = false) async throws -> TestPostgres {
        let server = try PostgresTestServer.shared.get()
        let template = migrated ? try await server.template() : nil
        let database = TestPostgres(name: server.newName(), server: server)
        try await server.create(database.name, template: template)
        return database
    }

    /// Makes a database for the length of `body`.
    @discardableResult
    public static func with<Result>(
        migrated: Bool = false, _ body: (TestPostgres) async throws -> Result
    ) async throws -> Result {
        let database = try await fresh(migrated: migrated)
        do {
            let result = try await body(database)
            try await database.drop()
            return result
        } catch {
            try? await database.drop()
            throw error
        }
    }

    /// Drops the database. Clients should be shut down before.
    public func drop() async throws {
        try await PostgresTestServer.shared.get().drop(name)
    }

    /// Runs `body` with a client of this database, which is shut down afterwards.
    /// - Parameter owner: whether it connects as the owner of the schema.
    @discardableResult
    public func withClient<Result>(
        owner: Bool = false, configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        try await PostgresClient.with(url: owner ? ownerURL : runtimeURL, configure: configure, body)
    }
}

extension PostgresClient {
    /// A client for a test, shut down at the end.
    @discardableResult
    public static func with<Result>(
        url: String, configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        // Builds on the same machine must not make a test fail.
        var configuration = PostgresConfiguration(
            url: url, poolSize: 4, waitTimeout: .seconds(20), statementTimeout: .seconds(20),
            connectTimeout: .seconds(20))
        configure(&configuration)
        let client = PostgresClient(
            configuration: configuration, logger: Logger(label: "postgres") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }
}
