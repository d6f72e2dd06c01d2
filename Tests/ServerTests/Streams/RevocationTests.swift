import Foundation
import JSON
import TestSupport
import Testing

/// Who may not read any more, or has nothing left to read, is cut off within a second, also on another process than the
/// one which was told.
@Suite struct RevocationTests {
    /// A second, and two more for a machine that runs hundreds of other tests at once.
    private static let limit = Duration.seconds(3)

    /// Runs `revoke` and expects the stream to end, and `other` to go on.
    private func expectEnd(
        of stream: StreamListener, while other: StreamListener? = nil, _ revoke: () async throws -> Void
    ) async throws {
        try await revoke()
        let begun = ContinuousClock.now
        try await stream.waitForEnd()
        let elapsed = ContinuousClock.now - begun
        #expect(elapsed < Self.limit, "the stream ended \(elapsed) late")
        #expect(stream.items.last == .end, "the stream broke off")
        if let other { #expect(!other.isOver, "a stream ended that had not to") }
    }

    @Test func aSessionThatLogsOut() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let device = try await first.api.login(ana)
        let stays = try await second.listen("/api/events", as: ana.api)
        let stream = try await second.listen("/api/events", as: device.api)
        try await expectEnd(of: stream, while: stays) { try await device.api.post("/api/auth/logout").expect(204) }
        stays.close()
    }

    @Test func aSessionThatAnotherDeviceEnds() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let device = try await first.api.login(ana)
        let id = try await Resources.make("conversations", of: ana)
        let stream = try await second.listen("/api/conversations/\(id)/events", as: device.api)
        let here = try await first.listen("/api/conversations/\(id)/events", as: device.api)
        let sessions = try await ana.api.get("/api/auth/sessions").expect(200)
        let other = try #require(sessions.data.first { $0["current"] != true }?["id"]?.stringValue)
        try await expectEnd(of: stream) { try await ana.api.delete("/api/auth/sessions/\(other)").expect(204) }
        try await here.waitForEnd(within: 3)
    }

    @Test func aChangedPassword() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let device = try await first.api.login(ana)
        let stream = try await second.listen("/api/events", as: device.api)
        try await expectEnd(of: stream) {
            try await ana.api.post(
                "/api/auth/password",
                ["currentPassword": .string(Tenant.password), "newPassword": "another long password"]
            ).expect(204)
        }
    }

    @Test func aRevokedKey() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let stays = try await second.listen("/api/events", as: ana.key("events:read"))
        let made = try await ana.api.post("/api/api-keys", ["name": "k", "scopes": ["events:read"]]).expect(201)
        let stream = try await second.listen("/api/events", as: ana.api.with(token: made["key"].stringValue))
        try await expectEnd(of: stream, while: stays) {
            try await ana.api.delete("/api/api-keys/\(made.id)").expect(204)
        }
        stays.close()
    }

    @Test func aRemovedMember() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let joe = try await ana.join(as: "member")
        let stream = try await second.listen("/api/events", as: joe.api)
        try await expectEnd(of: stream) { try await ana.api.delete("/api/members/\(joe.userId)").expect(204) }
    }

    @Test func aDeletedConversation() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let other = try await Resources.make("conversations", of: ana)
        let stays = try await second.listen("/api/conversations/\(other)/events", as: ana.api)
        let stream = try await second.listen("/api/conversations/\(id)/events", as: ana.api)
        try await expectEnd(of: stream, while: stays) {
            try await ana.api.delete("/api/conversations/\(id)").expect(204)
        }
        #expect(stream.events.last?.name == "conversation.deleted")
        stays.close()
    }

    @Test func aDeletedCustomersChat() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let visitor = try await ana.visitor()
        let conversation = try await visitor.post("/api/conversations").expect(201)
        let stream = try await second.listen("/api/conversations/\(conversation.id)/events", as: visitor)
        let customer = try #require(conversation["customerId"].stringValue)
        try await expectEnd(of: stream) { try await ana.api.delete("/api/customers/\(customer)").expect(204) }
    }

    @Test func aDeletedCompany() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let key = try await ana.key("events:read")
        let streams = [
            try await second.listen("/api/events", as: ana.api), try await second.listen("/api/events", as: key),
        ]
        try await expectEnd(of: streams[0]) { try await ana.api.delete("/api/companies/\(ana.companyId)").expect(204) }
        try await streams[1].waitForEnd(within: 3)
    }
}
