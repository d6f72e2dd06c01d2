import Conversations
import Foundation
import Mongo
import Redis

/// Databases of a server's own: Postgres with its schema, MongoDB with its schema, and a Redis.
public struct TestStores: Sendable {
    /// Postgres.
    public let postgres: TestPostgres
    /// MongoDB.
    public let mongo: TestMongo
    /// Redis: keys carry the company's id, so that servers can share one.
    public let redis: String

    /// Makes the databases.
    ///
    /// - Parameter redis: another Redis than the one of REDIS_URL.
    public static func fresh(redis: String? = nil) async throws -> TestStores {
        let stores = TestStores(
            postgres: try await TestPostgres.fresh(migrated: true), mongo: .fresh(),
            redis: redis ?? ProcessInfo.processInfo.environment["REDIS_URL"] ?? "redis://127.0.0.1:6379/0")
        try await stores.withMongo { try await ConversationSchema.apply($0) }
        return stores
    }

    /// Runs `body` with databases that are dropped in any case.
    @discardableResult
    public static func with<Result>(
        redis: String? = nil, _ body: (TestStores) async throws -> Result
    ) async throws -> Result {
        let stores = try await fresh(redis: redis)
        do {
            let result = try await body(stores)
            try await stores.drop()
            return result
        } catch {
            try? await stores.drop()
            throw error
        }
    }

    /// Runs `body` with the MongoDB database.
    @discardableResult
    public func withMongo<Result>(_ body: (MongoDatabase) async throws -> Result) async throws -> Result {
        let client = try mongo.client()
        do {
            let result = try await body(client.database())
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Empties a company's feed of events, as a Redis that lost its data does, once it has `count` entries.
    public func emptyFeed(of companyId: String, when count: Int64) async throws {
        let key = RedisArgument.text("sb:{\(companyId)}:feed")
        try await RedisClient.with(url: redis) { client in
            try await eventually("events are in the feed") {
                try await client.send(["XLEN", key]).integer ?? 0 >= count
            }
            _ = try await client.send(["DEL", key])
        }
    }

    /// Puts `entries` of no matter on a company's feed, once it has `count` entries.
    public func fillFeed(of companyId: String, with entries: Int, after count: Int64) async throws {
        let key = RedisArgument.text("sb:{\(companyId)}:feed")
        try await RedisClient.with(url: redis) { client in
            try await eventually("events are in the feed") {
                try await client.send(["XLEN", key]).integer ?? 0 >= count
            }
            let command: [RedisArgument] = ["XADD", key, "*", "t", "typing", "p", "{}"]
            _ = try await client.send(batch: Array(repeating: command, count: entries))
        }
    }

    /// Drops the databases. Servers should have stopped before.
    public func drop() async throws {
        try await mongo.drop()
        try await postgres.drop()
    }

    /// The settings that name these databases.
    public var variables: [String: String] {
        [
            "DATABASE_URL": postgres.runtimeURL, "DIRECT_URL": postgres.ownerURL, "MONGODB_URI": mongo.uri,
            "REDIS_URL": redis,
        ]
    }
}
