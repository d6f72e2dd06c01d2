import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// Webhooks through the API: who may have them, and what is told about them.
@Suite(.timeLimit(.minutes(3))) struct WebhookRouteTests {
    private static let hook: JSONValue = [
        "url": "https://example.com/hook", "events": ["message.created", "conversation.updated"],
        "description": "CRM",
    ]

    @Test("A webhook is made, its secret shown once, changed and removed")
    func lifecycle() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post("/api/webhooks", Self.hook).expect(201)
        let path = "/api/webhooks/\(made.id)"
        let secret = try #require(made["secret"].stringValue)
        #expect(secret.hasPrefix("whsec_") && Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
        #expect(made.headers["location"] == path && made["active"] == true && made["failingSince"] == .null)
        let got = try await ana.api.get(path).expect(200)
        #expect(got["events"] == ["message.created", "conversation.updated"] && got["description"] == "CRM")
        let guarded = ana.api.with(header: "If-Match", try #require(made.headers["etag"]))
        let off = try await guarded.patch(path, ["active": false, "description": .null]).expect(200)
        #expect(try await guarded.patch(path, ["active": true]).status == 412)
        #expect(off["active"] == false && off["description"] == .null)
        for answer in [got, off, try await ana.api.get("/api/webhooks").expect(200)] {
            #expect(!String(decoding: answer.bytes, as: UTF8.self).contains(secret))
        }
        #expect(try await ana.api.get("\(path)/deliveries").expect(200).data.isEmpty)
        try await ana.api.delete(path).expect(204)
        #expect(try await ana.api.get(path).status == 404)
        #expect(try await ana.api.post("\(path)/test").status == 404)
    }

    @Test("A repeated request makes one, with the same secret")
    func repeated() async throws {
        let ana = try await TestServer.shared.api.register()
        let api = ana.api.with(header: "Idempotency-Key", UUID().uuidString)
        let first = try await api.post("/api/webhooks", Self.hook).expect(201)
        let second = try await api.post("/api/webhooks", Self.hook).expect(201)
        #expect(first.json == second.json)
        #expect(try await ana.api.get("/api/webhooks").data.count == 1)
    }

    @Test("All that is wrong is named at once, and addresses inside are refused")
    func invalid() async throws {
        try await TestServer.with(["EGRESS_ALLOW": ""], on: try await TestServer.shared.stores) { server in
            let ana = try await server.api.register()
            let wrong = try await ana.api.post(
                "/api/webhooks", ["url": "http://10.0.0.1/", "events": ["message.read"]])
            #expect(wrong.status == 400)
            #expect(
                try await ana.api.post("/api/webhooks", ["url": "https://example.com/", "events": []]).status == 400)
            for url in [
                "http://127.0.0.1/hook", "https://localhost/", "https://a:b@example.com/", "ftp://example.com/",
            ] {
                let refused = try await ana.api.post(
                    "/api/webhooks", ["url": .string(url), "events": ["message.created"]])
                #expect(refused.status == 400 && refused["errors"].arrayValue?.first?["field"] == "url", "\(url)")
            }
            let missing = try await ana.api.post("/api/webhooks", [:])
            #expect(
                missing["errors"].arrayValue?.compactMap { $0["field"]?.stringValue }.sorted() == ["events", "url"])
        }
    }

    @Test("What a webhook hears is everything: a key needs that right too, a member reads, a visitor nothing")
    func rights() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post("/api/webhooks", Self.hook).expect(201)
        let narrow = try await ana.key("webhooks:read", "webhooks:write")
        #expect(try await narrow.post("/api/webhooks", Self.hook).status == 403)
        #expect(try await narrow.patch("/api/webhooks/\(made.id)", ["url": "https://evil.example.com/"]).status == 403)
        let wide = try await ana.key("webhooks:read", "webhooks:write", "events:read")
        #expect(try await wide.post("/api/webhooks", Self.hook).status == 201)
        let joe = try await ana.join(as: "member")
        #expect(try await joe.api.get("/api/webhooks").status == 200)
        #expect(try await joe.api.post("/api/webhooks", Self.hook).status == 403)
        #expect(try await joe.api.post("/api/webhooks/\(made.id)/test").status == 403)
        #expect(try await ana.visitor().get("/api/webhooks").status == 403)
    }

    @Test("There are at most twenty")
    func quota() async throws {
        let ana = try await TestServer.shared.api.register()
        for _ in 0..<20 { try await ana.api.post("/api/webhooks", Self.hook).expect(201) }
        #expect(try await ana.api.post("/api/webhooks", Self.hook).code == "quota_exceeded")
        #expect(try await ana.api.get("/api/webhooks?limit=7").data.count == 7)
    }

    @Test("A webhook is tried out, on or off, and what came of it is said")
    func test() async throws {
        let receiver = FakeReceiver()
        try await withDouble(receiver) { running in
            let ana = try await TestServer.shared.api.register()
            let made = try await ana.api.post(
                "/api/webhooks",
                [
                    "url": .string(FakeReceiver.endpoint(running.address)), "events": ["message.created"],
                    "active": false,
                ]
            ).expect(201)
            let path = "/api/webhooks/\(made.id)"
            let well = try await ana.api.post("\(path)/test").expect(200)
            #expect(well["state"] == "delivered" && well["status"] == 200 && well["type"] == "webhook.test")
            #expect(receiver.received.map(\.type) == ["webhook.test"])
            receiver.behave { _, _ in 307 }
            let moved = try await ana.api.post("\(path)/test").expect(200)
            #expect(moved["state"] == "failed" && moved["error"].stringValue?.contains("redirect") == true)
            #expect(receiver.received.count == 2)
            // A failed trial is no reason to switch it off.
            #expect(try await ana.api.get(path)["failingSince"] == .null)
        }
    }
}
