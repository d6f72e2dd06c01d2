import JSON
import TestSupport
import Testing

/// Limits: told on every answer, and kept.
@Suite struct LimitTests {
    @Test func everyAnswerTellsTheLimits() async throws {
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.get("/api/products")
        #expect(answer.headers["ratelimit-policy"]?.contains("\"caller\";q=1000000;w=60") == true)
        #expect(answer.headers["ratelimit"]?.hasPrefix("\"") == true)
        #expect(answer.headers["x-ratelimit-remaining"] != nil && answer.headers["x-ratelimit-reset"] != nil)
    }

    @Test func aCallerWhoAsksTooOftenWaits() async throws {
        try await TestServer.with(["LIMIT_FREE_REQUESTS_PER_MINUTE_PER_CALLER": "5"]) { server in
            let ana = try await server.api.register()
            var statuses: [Int] = []
            for _ in 0..<8 { statuses.append(try await ana.api.get("/api/products").status) }
            #expect(statuses.prefix(5) == [200, 200, 200, 200, 200] && statuses.last == 429)
            let refused = try await ana.api.get("/api/products")
            #expect(refused.code == "rate_limited" && (Int(refused.headers["retry-after"] ?? "") ?? 0) > 0)
            #expect(refused.headers["x-ratelimit-remaining"] == "0")
            #expect(try await server.api.login(ana).api.get("/api/products").status == 200)
        }
    }

    @Test func guessingAPasswordIsSlow() async throws {
        try await TestServer.with(["LIMIT_SIGNIN_ACCOUNT": "3"]) { server in
            let ana = try await server.api.register()
            var statuses: [Int] = []
            for guess in 0..<5 {
                let body: JSONValue = ["email": .string(ana.email.uppercased()), "password": .string("wrong-\(guess)")]
                statuses.append(try await server.api.post("/api/auth/login", body).status)
            }
            #expect(statuses == [401, 401, 401, 429, 429])
            _ = try await server.api.register("Somebody")
        }
    }

    @Test func plansLimitWhatACompanyHas() async throws {
        try await TestServer.with(["LIMIT_FREE_PRODUCTS": "1"]) { server in
            let ana = try await server.api.register()
            _ = try await Resources.make("products", of: ana)
            let more = try await ana.api.post("/api/products", ["name": "b", "priceCents": 1])
            #expect(more.status == 403 && more.code == "quota_exceeded")
            try await ana.api.put("/api/subscription", ["plan": "pro"]).expect(200)
            _ = try await Resources.make("products", of: ana)
        }
    }
}
