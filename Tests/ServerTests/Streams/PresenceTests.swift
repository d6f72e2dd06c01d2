import Foundation
import JSON
import TestSupport
import Testing

/// Who of a company is here, and what they look at.
@Suite struct PresenceTests {
    private func people(_ api: API) async throws -> [String: JSONValue] {
        let answer = try await api.get("/api/presence").expect(200)
        return Dictionary(answer.data.map { ($0["userId"]?.stringValue ?? "", $0) }) { first, _ in first }
    }

    @Test func whoHasAStreamOpenIsHere() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register("Ana")
        let joe = try await ana.join(as: "member", name: "Joe")
        #expect(try await people(ana.api).isEmpty)
        let watching = try await first.listen("/api/events", as: ana.api)
        let id = try await Resources.make("conversations", of: ana)
        let stream = try await second.listen("/api/conversations/\(id)/events", as: joe.api)
        let event = try await watching.event("presence") { $0["userId"].stringValue == joe.userId }
        #expect(event["online"] == true && event["conversationIds"] == [.string(id)])
        #expect(event.id == nil, "what is of the moment moves no cursor")
        let here = try await people(ana.api)
        #expect(Set(here.keys) == [ana.userId, joe.userId])
        #expect(here[joe.userId]?["conversationIds"] == [.string(id)])
        #expect(here[ana.userId]?["conversationIds"] == [])
        // A short break goes unnoticed; who stays away is told to be gone.
        stream.close()
        let again = try await first.listen("/api/conversations/\(id)/events", as: joe.api)
        again.close()
        let gone = try await watching.event("presence") {
            $0["userId"].stringValue == joe.userId && $0["online"] == false
        }
        #expect(gone["conversationIds"] == [])
        #expect(watching.events.filter { $0.name == "presence" && $0["userId"].stringValue == joe.userId }.count == 2)
        #expect(try await Set(people(ana.api).keys) == [ana.userId])
        watching.close()
    }

    @Test func onlyMembersCountAndOnlyTheirCompanySeesThem() async throws {
        let server = try await TestServer.shared
        let (ana, bob) = (try await server.api.register("Ana"), try await server.api.register("Bob"))
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let thread = try await ana.api.post("/api/conversations", ["platform": "internal"]).expect(201).id
        let streams = [
            try await server.listen("/api/events", as: bob.api),
            try await server.listen("/api/events", as: ana.key("events:read")),
            try await server.listen("/api/conversations/\(id)/events", as: visitor),
            try await server.listen("/api/conversations/\(thread)/events", as: ana.api),
        ]
        try await streams[1].event("presence")
        let here = try await people(ana.api)
        #expect(Set(here.keys) == [ana.userId])
        #expect(here[ana.userId]?["conversationIds"] == [], "what somebody does in their own thread is theirs")
        #expect(try await visitor.get("/api/presence").status == 403)
        #expect(streams[2].events.allSatisfy { $0.name != "presence" })
        #expect(try await Set(people(bob.api).keys).isSubset(of: [bob.userId]))
        for stream in streams { stream.close() }
    }
}
