import Foundation
import JSON
import Postgres
import TestSupport
import Testing

/// Language models that companies bring along: the key goes in and never comes out.
@Suite struct LLMProfileTests {
    static let secret = "test-key-not-a-real-one-7734"
    static let body: JSONValue = [
        "name": "main", "baseUrl": "https://llm.example.com/v1", "apiKey": .string(secret), "model": "big",
        "fallbackModel": "small", "quirks": ["supportsTools": false], "priceInMicros": 2_500_000,
    ]

    @Test func isMadeChangedAndForgotten() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post("/api/llm-profiles", Self.body).expect(201)
        #expect(made["hasKey"] == true && made["keyHint"] == "7734" && made["fallbackModel"] == "small")
        #expect(made["priceInMicros"] == 2_500_000 && made["quirks"] == ["supportsTools": false])
        let path = "/api/llm-profiles/\(made.id)"
        let tag = try #require(try await ana.api.get(path).expect(200).headers["etag"])
        let changed = try await ana.api.with(header: "If-Match", tag).patch(path, ["model": "bigger"]).expect(200)
        #expect(changed["model"] == "bigger" && changed["hasKey"] == true)
        #expect(try await ana.api.with(header: "If-Match", tag).patch(path, ["model": "x"]).status == 412)
        #expect(try await ana.api.patch(path, ["apiKey": nil]).expect(200)["hasKey"] == false)
        try await ana.api.delete(path).expect(204)
        try await ana.api.get(path).expect(404)
    }

    @Test func theKeyNeverComesOut() async throws {
        let ana = try await TestServer.shared.api.register()
        let api = ana.api.with(header: "Idempotency-Key", "profile")
        var answers = [try await api.post("/api/llm-profiles", Self.body).expect(201)]
        answers.append(try await api.post("/api/llm-profiles", Self.body).expect(201))
        answers.append(try await ana.api.get("/api/llm-profiles").expect(200))
        answers.append(try await ana.api.get("/api/llm-profiles/\(answers[0].id)").expect(200))
        answers.append(try await ana.api.patch("/api/llm-profiles/\(answers[0].id)", ["enabled": false]).expect(200))
        answers.append(try await ana.api.post("/api/llm-profiles", Self.body).expect(409))
        var wrong = Self.body.objectValue ?? [:]
        wrong["timeoutSeconds"] = 0
        answers.append(try await ana.api.post("/api/llm-profiles", .object(wrong)).expect(400))
        for answer in answers {
            #expect(!String(decoding: answer.bytes, as: UTF8.self).contains(Self.secret), "\(answer.status)")
        }
        #expect(try await ana.api.get("/api/llm-profiles").data.count == 1)
        // Nor does it lie readable in the database.
        let rows = try await TestServer.shared.stores.postgres.withClient { client in
            try await client.query(
                "SELECT api_key FROM llm_profiles", settings: ["app.company_id": ana.companyId])
        }
        let sealed = try #require(try rows.first?.get("api_key", as: String?.self))
        #expect(sealed.hasPrefix("k1:") && !sealed.contains("7734") && !sealed.contains("test-key"))
    }

    @Test func aKeyStaysWithItsServer() async throws {
        let ana = try await TestServer.shared.api.register()
        let id = try await ana.api.post("/api/llm-profiles", Self.body).expect(201).id
        let path = "/api/llm-profiles/\(id)"
        let moved = try await ana.api.patch(path, ["baseUrl": "https://elsewhere.example.com/v1"]).expect(400)
        #expect(moved["errors"].arrayValue?.first?["field"] == "apiKey")
        try await ana.api.patch(path, ["baseUrl": "https://llm.example.com/v2"]).expect(200)
        let again = try await ana.api.patch(
            path, ["baseUrl": "https://elsewhere.example.com/v1", "apiKey": "another-key-of-tests"]
        ).expect(200)
        #expect(again["keyHint"] == "ests")
    }

    @Test(arguments: [
        "http://llm.example.com/v1", "https://127.0.0.2/v1", "https://10.1.2.3/v1", "https://[::1]/v1",
        "https://169.254.169.254/latest", "https://localhost/v1", "https://intranet/v1", "https://db.internal/v1",
        "https://user:pass@llm.example.com/v1", "https://llm.example.com/v1?x=1", "https://llm.example.com/v1#x",
        "ftp://llm.example.com", "https://2130706433/v1", "https://0x7f.1/v1", "not an address",
    ])
    func addressesInsideAreRefused(_ address: String) async throws {
        let ana = try await TestServer.shared.api.register()
        let body: JSONValue = ["name": "x", "baseUrl": .string(address), "model": "m"]
        let answer = try await ana.api.post("/api/llm-profiles", body).expect(400)
        #expect(answer["errors"].arrayValue?.first?["field"] == "baseUrl", "\(address)")
    }

    @Test func theOperatorMayAllowThem() async throws {
        try await TestServer.with(["EGRESS_ALLOW": "127.0.0.1:11434"]) { server in
            let ana = try await server.api.register()
            let body: JSONValue = ["name": "ollama", "baseUrl": "http://127.0.0.1:11434/v1", "model": "m"]
            try await ana.api.post("/api/llm-profiles", body).expect(201)
        }
    }

    @Test func areForThoseWhoMayChangeAgents() async throws {
        let ana = try await TestServer.shared.api.register()
        let id = try await ana.api.post("/api/llm-profiles", Self.body).expect(201).id
        for api in [try await ana.join(as: "member").api, try await ana.visitor(), try await ana.key("agents:read")] {
            try await api.get("/api/llm-profiles").expect(403)
            try await api.get("/api/llm-profiles/\(id)").expect(403)
            try await api.delete("/api/llm-profiles/\(id)").expect(403)
        }
    }
}
