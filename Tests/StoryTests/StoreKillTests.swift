import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    @Suite struct StoreKillTests {
        @Test func mongod() async throws {
            try await World.withOwnMongo { world, mongo in
                try await world.serve { server in
                    let load = try await Load.begin(server)
                    await mongo.kill()
                    try await Self.expectDown(server, "mongodb")
                    try await load.expectRefusal()
                    try await mongo.start()
                    try await load.end(expectRefusals: true)
                    try await Self.expectUp(server)
                }
            }
        }

        @Test func postgres() async throws {
            try await World.withOwnPostgres { world, postgres in
                try await world.serve { server in
                    let load = try await Load.begin(server)
                    await postgres.kill()
                    try await Self.expectDown(server, "postgres")
                    let port = server.port
                    let token = load.tenant.token
                    // What needs Postgres says so in bounded time.
                    try await Threads.one {
                        let wire = try Wire(port: port, timeout: 15)
                        for _ in 0..<3 { expectUnavailable(try wire.send("GET", "/api/products", token: token)) }
                    }
                    try await postgres.start()
                    try await load.end(expectRefusals: nil)
                    try await Self.expectUp(server)
                }
            }
        }

        @Test func redis() async throws {
            try await World.withOwnRedis { world, redis in
                try await world.serve { server in
                    let load = try await Load.begin(server)
                    await redis.kill()
                    try await eventually("health tells that redis is away") {
                        try await Self.health(server).json["checks"]?["redis"]?["status"] == "down"
                    }
                    let away = try await Self.health(server)
                    #expect(away.status == 200)
                    #expect(away["status"] == "degraded")
                    #expect(try await server.isReady())
                    let before = load.ledger.count
                    try await eventually("messages are accepted without Redis") { load.ledger.count > before + 20 }
                    try await redis.start()
                    try await load.end(expectRefusals: false)
                    try await Self.expectUp(server)
                }
            }
        }

        private static func health(_ server: ServerProcess) async throws -> Wire.Reply {
            let port = server.port
            return try await Threads.one { try Wire(port: port, timeout: 15).send("GET", "/api/health") }
        }

        private static func expectDown(_ server: ServerProcess, _ store: String) async throws {
            try await eventually("/readyz says no without \(store)") { try await server.status(of: "/readyz") == 503 }
            let health = try await health(server)
            #expect(health.status == 503)
            #expect(health["status"] == "down")
            #expect(health["checks"][store]?["status"] == "down")
            #expect(try await server.status(of: "/livez") == 200)
        }

        private static func expectUp(_ server: ServerProcess) async throws {
            try await eventually("the server is whole again by itself") {
                try await health(server)["status"] == "ok"
            }
            #expect(try await server.isReady())
        }
    }
}
