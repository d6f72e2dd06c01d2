import Doubles
import Foundation
import JSON
import Postgres
import TestSupport
import Testing

/// Two servers on the same stores with the double in Meta's place, and a company with a number there.
struct MetaServer: Sendable {
    let meta: FakeMeta
    let server: TestServer
    let second: TestServer
    let tenant: Tenant
    let channel: String

    static func with(
        _ variables: [String: String] = [:], channel changes: JSONObject = [:],
        _ body: @Sendable (MetaServer) async throws -> Void
    ) async throws {
        let meta = FakeMeta()
        try await withDouble(meta) { running in
            let settings = Dictionary(running.environment.map { ($0.name, $0.value) }) { first, _ in first }
                .merging(variables) { $1 }
            try await TestStores.with { stores in
                try await TestServer.with(settings, on: stores) { server in
                    try await TestServer.with(settings, on: stores) { second in
                        let tenant = try await server.api.register()
                        // Not as a merge patch has it: null is a value here.
                        var channel = meta.channel
                        for (name, value) in changes { channel[name] = value }
                        let made = try await tenant.api.post("/api/channels", .object(channel)).expect(201)
                        try await body(
                            MetaServer(meta: meta, server: server, second: second, tenant: tenant, channel: made.id))
                    }
                }
            }
        }
    }

    /// Delivers a webhook to one of the servers.
    @discardableResult
    func deliver(_ hook: FakeMetaWebhook, to channel: String? = nil, second: Bool = false) async throws -> API.Answer {
        let api = (second ? self.second : server).api.with(header: "X-Hub-Signature-256", hook.signature)
        return try await api.send(
            "POST", "/webhooks/whatsapp/\(channel ?? self.channel)", bytes: hook.bytes, type: "application/json")
    }

    /// Tells events and expects that they are taken.
    func tell(_ events: FakeMetaEvent...) async throws { try await deliver(meta.webhook(events)).expect(200) }

    /// All conversations on WhatsApp.
    func conversations() async throws -> [JSONValue] {
        try await tenant.api.get("/api/conversations?platform=whatsapp").expect(200).data
    }

    /// The messages of the only conversation, once there are so many.
    func messages(_ count: Int) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        try await eventually("there are \(count) messages") {
            guard let id = try await conversations().first?["id"]?.stringValue else { return count == 0 }
            found = try await tenant.api.get("/api/conversations/\(id)/messages").expect(200).data
            return found.count >= count
        }
        return found
    }

    /// A message as it is now.
    func message(_ message: JSONValue) async throws -> JSONValue {
        let conversation = message["conversationId"]?.stringValue ?? ""
        return try await tenant.api.get(
            "/api/conversations/\(conversation)/messages/\(message["id"]?.stringValue ?? "")"
        )
        .expect(200).json
    }

    /// Waits until a message fares so.
    func expect(_ state: String, of message: JSONValue) async throws {
        try await eventually("the message is \(state)") {
            try await self.message(message)["delivery"]?["state"]?.stringValue == state
        }
    }

    /// How many events are not worked off.
    func openEvents() async throws -> Int {
        try await server.stores.postgres.withClient { client in
            try await client.query(
                "SELECT count(*) AS count FROM channel_events WHERE state = 'pending'",
                settings: ["app.sweeper": "on"]
            ).first?.get("count", as: Int.self) ?? 0
        }
    }
}
