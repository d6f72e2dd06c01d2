import Foundation
import Logging
import Mongo

/// A database of a test's own on the server that MONGODB_URI names.
public struct TestMongo: Sendable {
    /// The connection string with the test's database in its path.
    public let uri: String
    /// The name of the database, never used before.
    public let name: String

    /// Names a new database; it comes into being at the first write. Drop it with ``drop()`` or use ``with(configure:_:)``.
    /// - Parameter server: a connection string to use instead of MONGODB_URI.
    public static func fresh(server: String? = nil) -> TestMongo {
        let base =
            server ?? ProcessInfo.processInfo.environment["MONGODB_URI"] ?? "mongodb://127.0.0.1:27017/?replicaSet=rs0"
        let name = "test_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
        return TestMongo(uri: replaceDatabase(in: base, by: name), name: name)
    }

    /// Settings for a client of this database, with limits that a busy machine does not reach.
    public func configuration() throws -> MongoConfiguration {
        try MongoConfiguration(
            uri: uri, operationTimeout: .seconds(30), serverSelectionTimeout: .seconds(20), connectTimeout: .seconds(20)
        )
    }

    /// A client that logs nothing. Shut it down at the end.
    public func client(configure: (inout MongoConfiguration) -> Void = { _ in }) throws -> MongoClient {
        var configuration = try configuration()
        configure(&configuration)
        return MongoClient(
            configuration: configuration, logger: Logger(label: "mongo") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Removes the database.
    public func drop() async throws {
        let client = try client()
        do { try await client.database().drop() } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    /// Runs `body` with a client of a new database, which is dropped in any case.
    @discardableResult
    public static func with<Result>(
        server: String? = nil, configure: (inout MongoConfiguration) -> Void = { _ in },
        _ body: (MongoClient, MongoDatabase) async throws -> Result
    ) async throws -> Result {
        let fresh = fresh(server: server)
        let client = try fresh.client(configure: configure)
        do {
            let result = try await body(client, client.database())
            await client.shutdown()
            try await fresh.drop()
            return result
        } catch {
            await client.shutdown()
            try? await fresh.drop()
            throw error
        }
    }

    private static func replaceDatabase(in uri: String, by name: String) -> String {
        let options = uri.firstIndex(of: "?").map { String(uri[$0...]) } ?? ""
        var hosts = uri.dropLast(options.count)
        if let scheme = hosts.range(of: "://"), let slash = hosts[scheme.upperBound...].lastIndex(of: "/") {
            hosts = hosts[..<slash]
        }
        return "\(hosts)/\(name)\(options)"
    }
}
