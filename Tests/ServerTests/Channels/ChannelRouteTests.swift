import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ChannelRouteTests {
    @Test func aChannelIsMadeChangedAndRemovedAndItsSecretsNeverShown() async throws {
        let tenant = try await TestServer.shared.api.register()
        let body: JSONValue = [
            "kind": "whatsapp", "name": "Support", "address": .string(String(Int.random(in: 1...Int.max))),
            "secrets": [
                "accessToken": "tok-secret", "appSecret": "app-secret-0123456", "verifyToken": "verify-secret",
            ],
            "template": ["name": "hello", "language": "en"],
        ]
        let made = try await tenant.api.post("/api/channels", body).expect(201)
        #expect(made["webhookPath"] == .string("/webhooks/whatsapp/\(made.id)"))
        #expect(made["status"] == "active" && made["agent"] == "sales" && made["lastError"].isNull)
        #expect(try await tenant.api.post("/api/channels", body).status == 409)
        let changed = try await tenant.api.patch(
            "/api/channels/\(made.id)", ["agent": .null, "template": .null, "secrets": ["verifyToken": "new-secret"]]
        ).expect(200)
        #expect(changed["agent"].isNull && changed["template"].isNull && changed["name"] == "Support")
        let listed = try await tenant.api.get("/api/channels").expect(200)
        #expect(listed.data.count == 1)
        for answer in [made, changed, listed] {
            #expect(!String(decoding: answer.bytes, as: UTF8.self).contains("-secret"))
        }
        try await tenant.api.delete("/api/channels/\(made.id)").expect(204)
        #expect(try await tenant.api.get("/api/channels/\(made.id)").status == 404)
        // The address is free again.
        _ = try await tenant.api.post("/api/channels", body).expect(201)
    }

    @Test func membersAndKeysWithoutTheRightSeeNone() async throws {
        let tenant = try await TestServer.shared.api.register()
        let id = try await Resources.make("channels", of: tenant)
        let member = try await tenant.join(as: "member")
        let key = try await tenant.key("conversations:write", "company:read")
        for api in [member.api, key] {
            #expect(try await api.get("/api/channels").status == 403)
            #expect(try await api.get("/api/channels/\(id)").status == 403)
            #expect(try await api.patch("/api/channels/\(id)", ["name": "x"]).status == 403)
        }
        let admin = try await tenant.join(as: "admin")
        #expect(try await admin.api.get("/api/channels/\(id)").status == 200)
    }

    @Test func everyFaultIsNamedAtOnce() async throws {
        let tenant = try await TestServer.shared.api.register()
        let answer = try await tenant.api.post(
            "/api/channels",
            ["kind": "email", "name": "Mail", "address": "nobody", "secrets": ["serverToken": "s", "appSecret": "a"]])
        #expect(answer.status == 400)
        let fields = Set(answer["errors"].arrayValue?.compactMap { $0["field"]?.stringValue } ?? [])
        #expect(fields == ["address", "secrets.inboundSecret", "secrets.appSecret"])
    }
}
