import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// A server with the double in Postmark's place, and a company with an address there.
struct PostmarkServer: Sendable {
    let postmark: FakePostmark
    let server: TestServer
    let tenant: Tenant
    let channel: String

    static func with(
        channel changes: JSONObject = [:], _ body: @Sendable (PostmarkServer) async throws -> Void
    ) async throws {
        let postmark = FakePostmark()
        try await withDouble(postmark) { running in
            let settings = Dictionary(running.environment.map { ($0.name, $0.value) }) { first, _ in first }
            try await TestServer.with(settings) { server in
                let tenant = try await server.api.register()
                // Not as a merge patch has it: null is a value here.
                var channel = postmark.channel
                for (name, value) in changes { channel[name] = value }
                let made = try await tenant.api.post("/api/channels", .object(channel)).expect(201)
                try await body(
                    PostmarkServer(postmark: postmark, server: server, tenant: tenant, channel: made.id))
            }
        }
    }

    /// Delivers a webhook.
    @discardableResult
    func deliver(_ body: JSONObject, secret: String? = nil, to channel: String? = nil) async throws -> API.Answer {
        try await server.api.post(
            "/webhooks/email/postmark/\(channel ?? self.channel)?secret=\(secret ?? postmark.inboundSecret)",
            .object(body))
    }

    /// Lets e-mails come in.
    func receive(_ mails: FakePostmarkMail...) async throws {
        for mail in mails { try await deliver(mail.json).expect(200) }
        try await settle()
    }

    /// Waits until every event is worked off.
    func settle() async throws {
        try await eventually("nothing waits") {
            try await server.stores.postgres.withClient { client in
                try await client.query(
                    "SELECT 1 AS one FROM channel_events WHERE state = 'pending'", settings: ["app.sweeper": "on"]
                ).isEmpty
            }
        }
    }

    /// All conversations by e-mail, the oldest first.
    func conversations() async throws -> [JSONValue] {
        try await tenant.api.get("/api/conversations?platform=email").expect(200).data
            .sorted { $0["createdAt"]?.stringValue ?? "" < $1["createdAt"]?.stringValue ?? "" }
    }

    /// The messages of a conversation.
    func messages(_ conversation: JSONValue?) async throws -> [JSONValue] {
        let id = conversation?["id"]?.stringValue ?? ""
        return try await tenant.api.get("/api/conversations/\(id)/messages").expect(200).data
    }

    /// The messages of the first conversation, once there are so many.
    func messages(count: Int) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        try await eventually("there are \(count) messages") {
            guard let first = try await conversations().first else { return count == 0 }
            found = try await messages(first)
            return found.count >= count
        }
        return found
    }

    /// Waits until so many e-mails went out.
    func sent(_ count: Int) async throws -> [FakePostmark.Sent] {
        try await eventually("\(count) e-mails are sent") { postmark.sent.count >= count }
        return postmark.sent
    }
}
