import Foundation
import JSON
import Postgres
import TestSupport

/// The stores of one test and the settings with which server processes use them.
struct World: Sendable {
    /// Environment variables.
    var environment: [String: String]

    /// Runs `body` with a new database on the common Postgres and MongoDB, and a Redis of its own.
    static func with(_ body: (World) async throws -> Void) async throws {
        try await OwnRedis.with { redis in
            try await TestPostgres.with(migrated: true) { postgres in
                let mongo = TestMongo.fresh()
                do {
                    try await body(
                        migrated(postgres.runtimeURL, owner: postgres.ownerURL, mongo: mongo.uri, redis: redis.url))
                } catch {
                    try? await mongo.drop()
                    throw error
                }
                try await mongo.drop()
            }
        }
    }

    /// Runs `body` with a MongoDB which may be killed.
    static func withOwnMongo(_ body: (World, OwnMongo) async throws -> Void) async throws {
        try await OwnMongo.with { mongo in
            try await with { world in
                var world = world
                world.environment["MONGODB_URI"] = mongo.uri
                try await world.migrate()
                try await body(world, mongo)
            }
        }
    }

    /// Runs `body` with a Redis which may be killed.
    static func withOwnRedis(_ body: (World, OwnRedis) async throws -> Void) async throws {
        try await OwnRedis.with { redis in
            try await with { world in
                var world = world
                world.environment["REDIS_URL"] = redis.url
                try await body(world, redis)
            }
        }
    }

    /// Runs `body` with a Postgres which may be killed.
    static func withOwnPostgres(_ body: (World, OwnPostgres) async throws -> Void) async throws {
        try await OwnPostgres.with { postgres in
            try await PostgresClient.with(url: postgres.url) { client in
                // It listens a little before it lets anybody in.
                try await eventually("postgres lets in") { (try? await client.query("SELECT 1")) != nil }
                _ = try await client.query("CREATE ROLE own_owner LOGIN CREATEROLE")
                _ = try await client.query("CREATE ROLE own_app LOGIN")
                _ = try await client.query("CREATE DATABASE own OWNER own_owner")
            }
            try await with { world in
                var world = world
                let address = "127.0.0.1:\(postgres.port)/own"
                world.environment["DATABASE_URL"] = "postgres://own_app@\(address)"
                world.environment["DIRECT_URL"] = "postgres://own_owner@\(address)"
                try await world.migrate()
                try await PostgresClient.with(url: postgres.url) { client in
                    _ = try await client.query("GRANT switchboard_runtime TO own_app")
                }
                try await body(world, postgres)
            }
        }
    }

    private static func migrated(
        _ runtime: String, owner: String, mongo: String, redis: String
    ) async throws -> World {
        var environment = [
            "DATABASE_URL": runtime, "DIRECT_URL": owner, "MONGODB_URI": mongo, "REDIS_URL": redis,
            "TURNS_PER_MEMBER_HOUR": "100000", "JWT_SECRET": "jwt-secret-of-the-story-tests-\(UUID().uuidString)",
            "ENCRYPTION_KEY": Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString(),
            "BCRYPT_COST": "4",
        ]
        for limit in ["ADDRESS", "SIGNIN_ADDRESS", "SIGNIN_ACCOUNT"] { environment["LIMIT_" + limit] = "10000000" }
        for figure in ["REQUESTS_PER_MINUTE", "REQUESTS_PER_MINUTE_PER_CALLER"] {
            environment["LIMIT_FREE_" + figure] = "10000000"
        }
        let world = World(environment: environment)
        try await world.migrate()
        return world
    }

    /// `switchboard migrate`.
    func migrate() async throws {
        let outcome = try await SwitchboardProgram.run(["migrate"], environment: environment)
        guard outcome.exitCode == 0 else { throw NeverHappened(description: "migrate: \(outcome.output)") }
    }

    /// Runs `body` with a server process on these stores.
    func serve(_ body: (ServerProcess) async throws -> Void) async throws {
        try await ServerProcess.with(environment, body)
    }
}
