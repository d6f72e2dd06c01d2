import JSON
import TestSupport
import Testing

/// Without Redis the house goes on: it is a cache and a counter, nothing else.
@Suite struct RedisAwayTests {
    @Test func messagesAreStillAccepted() async throws {
        try await OwnRedis.with { redis in
            try await TestServer.with(redis: redis.url) { server in
                let ana = try await server.api.register()
                let path = "/api/conversations/\(try await Resources.make("conversations", of: ana))/messages"
                try await ana.api.post(path, ["content": "before"]).expect(201)
                await redis.kill()
                for number in 0..<5 {
                    let answer = try await ana.api.post(path, ["content": .string("m\(number)")]).expect(201)
                    #expect(answer.headers["ratelimit"] != nil)
                }
                let health = try await server.api.get("/api/health").expect(200)
                #expect(health["checks"]["redis"]?["status"] != "ok")
                let key = try await ana.api.post("/api/api-keys", ["name": "k", "scopes": ["sales:read"]]).expect(201)
                let program = ana.api.with(token: key["key"].stringValue)
                try await program.get("/api/sales").expect(200)
                try await ana.api.delete("/api/api-keys/\(key.id)").expect(204)
                #expect(try await program.get("/api/sales").status == 401)
                try await redis.start()
                try await eventually("Redis is seen again") {
                    try await server.api.get("/api/health")["checks"]["redis"]?["status"] == "ok"
                }
                #expect(try await program.get("/api/sales").status == 401)
                #expect(try await ana.api.get("\(path)?after=0").data.count == 6)
            }
        }
    }
}
