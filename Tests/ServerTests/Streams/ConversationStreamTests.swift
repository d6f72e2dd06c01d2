import Foundation
import JSON
import TestSupport
import Testing

/// One conversation's stream: where it begins, what it tells, and how it goes on.
@Suite struct ConversationStreamTests {
    private func seqs(_ stream: StreamListener) -> [Int64] {
        stream.events.filter { $0.name == "message.created" }.compactMap { $0["seq"].integerValue }
    }

    private func write(_ text: String, in id: String, by api: API) async throws -> API.Answer {
        try await api.post("/api/conversations/\(id)/messages", ["content": .string(text)]).expect(201)
    }

    @Test func itBeginsNowOrAfterASeq() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let id = try await Resources.make("conversations", of: ana)
        for number in 1...3 { _ = try await write("\(number)", in: id, by: ana.api) }
        let path = "/api/conversations/\(id)/events"
        let now = try await second.listen(path, as: ana.api)
        let all = try await first.listen(path + "?after=0", as: ana.api)
        let some = try await second.listen(path + "?after=2", as: ana.api)
        _ = try await write("4", in: id, by: ana.api)
        for (stream, expected) in [(now, [4]), (all, [1, 2, 3, 4]), (some, [3, 4])] {
            try await stream.event("message.created") { $0["seq"] == 4 }
            #expect(seqs(stream) == expected.map { Int64($0) })
            #expect(stream.items.first == .retry(1_000))
            stream.close()
        }
    }

    @Test func headersAreThoseOfAStream() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let (port, token) = (server.port, ana.api.token)
        let headers = try await Threads.one {
            try EventWire(port: port, "/api/conversations/\(id)/events", token: token).headers
        }
        #expect(headers["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(headers["cache-control"] == "no-store")
        #expect(headers["x-accel-buffering"] == "no")
        #expect(headers["x-ratelimit-limit"] != nil && headers["x-request-id"] != nil)
    }

    @Test func lastEventIdGoesOnWithoutAGapAndTellsMissedChanges() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let path = "/api/conversations/\(id)"
        let early = try await write("1", in: id, by: ana.api)
        let doomed = try await write("2", in: id, by: ana.api)
        let before = try await first.listen("\(path)/events?after=0", as: ana.api)
        let cursor = try #require(await before.event("message.created") { $0["seq"] == 2 }.id)
        before.close()
        try await ana.api.patch("\(path)/messages/\(early.id)", ["content": "one"]).expect(200)
        try await ana.api.delete("\(path)/messages/\(doomed.id)").expect(204)
        try await ana.api.patch(path, ["title": "New"]).expect(200)
        _ = try await write("3", in: id, by: ana.api)
        // A browser that connects again sends the same address, with its old `after`.
        let after = try await second.listen("\(path)/events?after=0", as: ana.api, lastEventId: cursor)
        try await after.event("message.created") { $0["seq"] == 3 }
        #expect(seqs(after) == [3])
        #expect(after.events.first { $0.name == "message.updated" }?["content"] == "one")
        #expect(after.events.first { $0.name == "message.deleted" }?["seq"] == 2)
        #expect(after.events.first { $0.name == "conversation.updated" }?["title"] == "New")
        #expect(after.events.allSatisfy { $0.name != "resync" })
        after.close()
    }

    /// Whoever has just read the store comes with a bare `seq`: a change made in between is told.
    @Test func changesOfTheLastSecondsAreToldToWhoComesWithASeq() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let path = "/api/conversations/\(id)"
        let message = try await write("1", in: id, by: ana.api)
        try await ana.api.patch("\(path)/messages/\(message.id)", ["content": "one"]).expect(200)
        // More than one page of other events lies behind it.
        try await first.stores.fillFeed(of: ana.companyId, with: 1_200, after: 3)
        let stream = try await second.listen("\(path)/events?after=1", as: ana.api)
        #expect(try await stream.event("message.updated")["content"] == "one")
        stream.close()
    }

    @Test(arguments: ["x", "-1", "1@", "1@x", "9999999999999999999999", "1@1-1-1"])
    func aBrokenCursorIsRefused(_ cursor: String) async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let error = await #expect(throws: StreamRefused.self) {
            try await server.listen("/api/conversations/\(id)/events", as: ana.api, lastEventId: cursor)
        }
        #expect(error?.reply.status == 400)
        #expect(error?.reply["errors"].arrayValue?.first?["field"] == "Last-Event-ID")
    }

    @Test func aCursorWhosePlaceIsGoneGetsEveryMessageAndResync() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let id = try await Resources.make("conversations", of: ana)
        for number in 1...3 { _ = try await write("\(number)", in: id, by: ana.api) }
        let stream = try await server.listen("/api/conversations/\(id)/events", as: ana.api, lastEventId: "1@5-1")
        let resync = try await stream.event("resync")
        #expect(seqs(stream) == [2, 3])
        let again = try await server.listen("/api/conversations/\(id)/events", as: ana.api, lastEventId: resync.id)
        _ = try await write("4", in: id, by: ana.api)
        try await again.event("message.created") { $0["seq"] == 4 }
        #expect(again.events.allSatisfy { $0.name != "resync" })
        stream.close()
        again.close()
    }

    /// What one client sees is what the API answers: the same message, to the byte.
    @Test func anEventCarriesTheMessageAsTheApiAnswersIt() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let live = try await second.listen("/api/conversations/\(id)/events", as: ana.api)
        let sent = try await write("line one\nline two \u{2028} \"quoted\" \\n", in: id, by: ana.api)
        let later = try await first.listen("/api/conversations/\(id)/events?after=0", as: ana.api)
        for stream in [live, later] {
            #expect(try await stream.event("message.created").json == sent.json)
            stream.close()
        }
    }
}
