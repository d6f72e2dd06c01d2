import Foundation
import JSON
import TestSupport
import Testing

/// The company's feed, for inboxes.
@Suite struct CompanyStreamTests {
    private func titles(_ stream: StreamListener) -> [String] {
        stream.events.filter { $0.name == "conversation.created" }.compactMap { $0["title"].stringValue }
    }

    private func open(_ title: String, by api: API) async throws {
        try await api.post("/api/conversations", ["title": .string(title), "platform": "web"]).expect(201)
    }

    @Test func itGoesOnAfterTheLastEventOnAnyProcess() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let before = try await first.listen("/api/events", as: ana.api)
        try await open("one", by: ana.api)
        let cursor = try #require(await before.event("conversation.created").id)
        before.close()
        for title in ["two", "three", "four"] { try await open(title, by: ana.api) }
        let after = try await second.listen("/api/events", as: ana.api, lastEventId: cursor)
        try await open("five", by: ana.api)
        try await after.event("conversation.created") { $0["title"] == "five" }
        #expect(titles(after) == ["two", "three", "four", "five"])
        #expect(after.events.allSatisfy { $0.name != "resync" })
        after.close()
    }

    @Test(arguments: ["1-1", "nonsense", "99", "5@1-1"])
    func aCursorThatIsTooOldOrNoneIsToldToReadAgain(_ cursor: String) async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        try await open("one", by: ana.api)
        let stream = try await server.listen("/api/events", as: ana.api, lastEventId: cursor)
        let resync = try await stream.event("resync")
        try await open("two", by: ana.api)
        try await stream.event("conversation.created") { $0["title"] == "two" }
        #expect(titles(stream).last == "two")
        // The cursor of the resync is a good one.
        let again = try await server.listen("/api/events", as: ana.api, lastEventId: resync.id)
        try await again.event("conversation.created") { $0["title"] == "two" }
        #expect(again.events.allSatisfy { $0.name != "resync" })
        stream.close()
        again.close()
    }

    /// A feed that was emptied cannot say what was in it, not even to somebody who came when there was nothing yet.
    @Test func anEmptiedFeedIsNoticed() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let stream = try await server.listen("/api/events", as: ana.api, lastEventId: "1-1")
        let cursor = try #require(await stream.event("resync").id)
        stream.close()
        try await open("lost", by: ana.api)
        try await server.stores.emptyFeed(of: ana.companyId, when: 2)
        let after = try await server.listen("/api/events", as: ana.api, lastEventId: cursor)
        try await after.event("resync")
        after.close()
    }

    @Test func aSilentStreamShowsThatItLives() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let streams = [
            try await server.listen("/api/events", as: ana.api),
            try await server.listen("/api/conversations/\(id)/events", as: ana.api),
        ]
        try await eventually("a comment line comes every 15 seconds", within: 20) {
            streams.allSatisfy { $0.items.contains(.comment("")) }
        }
        for stream in streams {
            #expect(!stream.isOver)
            stream.close()
        }
    }

    /// A message that is sent again is told again only to those who may have missed it.
    @Test func aRepeatedSendIsNotToldTwice() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let streams = [
            try await second.listen("/api/events", as: ana.api),
            try await second.listen("/api/conversations/\(id)/events", as: ana.api),
        ]
        let path = "/api/conversations/\(id)/messages"
        let body: JSONValue = ["content": "once", "clientMessageId": "c-1"]
        try await ana.api.post(path, body).expect(201)
        try await ana.api.post(path, body).expect(200)
        try await ana.api.post(path, body).expect(200)
        try await ana.api.post(path, ["content": "last"]).expect(201)
        for stream in streams {
            try await stream.event("message.created") { $0["content"] == "last" }
            let told = stream.events.filter { $0.name == "message.created" }.map { $0["content"].stringValue }
            #expect(told == ["once", "last"])
            stream.close()
        }
    }
}
