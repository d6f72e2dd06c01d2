import Foundation
import JSON
import TestSupport
import Testing

/// Pages of messages are kept between reads. Nobody may ever be shown one that is out of date, or not theirs.
@Suite struct MessagePageTests {
    private func opened() async throws -> (Tenant, API, String) {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/conversations/\(try await Resources.make("conversations", of: ana))/messages"
        return (ana, try await TestServer.second.api.with(token: ana.api.token), path)
    }

    private func contents(_ api: API, _ path: String) async throws -> [JSONValue] {
        try await api.get(path).expect(200).data.map { $0["content"] ?? .null }
    }

    @Test func whatAnotherProcessWroteIsSeenAtOnce() async throws {
        let (ana, second, path) = try await opened()
        for number in 1...30 {
            #expect(try await contents(ana.api, path).count == number - 1)
            let made = try await second.post(path, ["content": .string("m\(number)")]).expect(201)
            #expect(try await contents(ana.api, path).count == number, "a new message")
            try await second.patch("\(path)/\(made.id)", ["content": .string("e\(number)")]).expect(200)
            #expect(try await contents(ana.api, path).last == .string("e\(number)"), "an edited one")
            guard number.isMultiple(of: 3) else { continue }
            try await second.delete("\(path)/\(made.id)").expect(204)
            #expect(try await contents(ana.api, path).last == "", "a deleted one")
        }
    }

    /// A reply is stored by its turn, another way than a person's message.
    @Test func whatAnAgentAnsweredIsSeenAtOnce() async throws {
        let (ana, second, path) = try await opened()
        for number in 1...10 {
            // Kept as it was before.
            #expect(try await contents(ana.api, path).count == 2 * number - 2)
            try await second.with(header: "Prefer", "wait=20").post(
                path, ["content": .string("@mem remember that \(number) is a number")]
            ).expect(201)
            #expect(try await contents(ana.api, path).count == 2 * number)
        }
    }

    @Test func readersBesideWritersNeverGoBack() async throws {
        let (ana, second, path) = try await opened()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for api in [ana.api, second, ana.api, second] {
                group.addTask {
                    var last: Int64 = 0
                    while last < 60 {
                        let now = try await api.get(path).expect(200).data.last?["seq"]?.integerValue ?? 0
                        try #require(now >= last)
                        last = now
                    }
                }
            }
            for api in [ana.api, second] {
                group.addTask {
                    for _ in 0..<30 {
                        let seq = try await api.post(path, ["content": "x"]).expect(201)["seq"].integerValue ?? 0
                        let seen = try await api.get(path).expect(200).data.last?["seq"]?.integerValue ?? 0
                        try #require(seen >= seq, "one's own message is there")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func everyWindowIsItsOwnPage() async throws {
        let (ana, _, path) = try await opened()
        for number in 1...6 { try await ana.api.post(path, ["content": .string("\(number)")]).expect(201) }
        for _ in 0..<2 {
            #expect(try await contents(ana.api, path + "?limit=2") == ["5", "6"])
            #expect(try await contents(ana.api, path + "?limit=3") == ["4", "5", "6"])
            #expect(try await contents(ana.api, path + "?after=2&limit=2") == ["3", "4"])
            #expect(try await contents(ana.api, path + "?before=3&limit=2") == ["1", "2"])
        }
    }

    @Test func theTagOfAPageGoesWithItsBytes() async throws {
        let (ana, second, path) = try await opened()
        try await ana.api.post(path, ["content": "one"]).expect(201)
        let tag = try #require(try await ana.api.get(path).expect(200).headers["etag"])
        for api in [ana.api, second] {
            #expect(try await api.with(header: "If-None-Match", tag).get(path).status == 304)
        }
        try await second.post(path, ["content": "two"]).expect(201)
        let again = try await ana.api.with(header: "If-None-Match", tag).get(path).expect(200)
        #expect(again.data.count == 2 && again.headers["etag"] != tag)
    }

    @Test func aKeptPageIsNobodyElses() async throws {
        let ana = try await TestServer.shared.api.register()
        let own = try await ana.api.post("/api/conversations", ["platform": "internal"]).expect(201).id
        let path = "/api/conversations/\(own)/messages"
        try await ana.api.post(path, ["content": "mine"]).expect(201)
        let colleague = try await ana.join(as: "admin")
        let key = try await ana.key("conversations:read")
        let visitor = try await ana.visitor()
        let stranger = try await TestServer.shared.api.register()
        for _ in 0..<2 {
            #expect(try await contents(ana.api, path) == ["mine"])
            for api in [colleague.api, key, visitor, stranger.api] { #expect(try await api.get(path).status == 404) }
        }
    }

    @Test func whatIsKeptForTheCompanyIsNotShownToTheVisitor() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        for readsFirst in [true, false] {
            let id = try await visitor.post("/api/conversations", [:]).expect(201).id
            let path = "/api/conversations/\(id)/messages"
            try await ana.api.post(
                path, ["content": "hello", "role": "agent", "reasoning": "private", "metadata": ["a": "private"]]
            ).expect(201)
            for api in readsFirst ? [ana.api, visitor, ana.api, visitor] : [visitor, ana.api, visitor, ana.api] {
                let page = try await api.get(path).expect(200)
                #expect(page.data.count == 1)
                let isMember = api.token == ana.api.token
                #expect(String(decoding: page.bytes, as: UTF8.self).contains("private") == isMember)
            }
        }
    }

    @Test func aDeletedConversationHasNoPage() async throws {
        let (ana, second, path) = try await opened()
        try await ana.api.post(path, ["content": "one"]).expect(201)
        #expect(try await contents(ana.api, path) == ["one"])
        try await second.delete(String(path.dropLast("/messages".count))).expect(204)
        #expect(try await ana.api.get(path).status == 404)
    }
}
