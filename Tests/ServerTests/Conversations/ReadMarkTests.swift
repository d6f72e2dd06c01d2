import Foundation
import JSON
import TestSupport
import Testing

/// What each member has read, and what the list of conversations says is unread.
@Suite struct ReadMarkTests {
    /// A company whose chat no agent answers: what is counted here is what people wrote.
    private func company() async throws -> Tenant {
        let ana = try await TestServer.shared.api.register("Ana")
        try await ana.api.patch("/api/companies/\(ana.companyId)", ["settings": ["widgetAgent": .null]]).expect(200)
        return ana
    }

    private func unread(_ id: String, for api: API) async throws -> Int64? {
        let list = try await api.get("/api/conversations?limit=200").expect(200)
        return list.data.first { $0["id"]?.stringValue == id }?["unreadCount"]?.integerValue
    }

    private func write(_ count: Int, in id: String, by api: API) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            ids.append(
                try await api.post(
                    "/api/conversations/\(id)/messages", ["content": .string("\(number)")]
                ).expect(201).id)
        }
        return ids
    }

    @Test func eachMemberHasItsOwnMark() async throws {
        let ana = try await company()
        let joe = try await ana.join(as: "member")
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        _ = try await write(3, in: id, by: visitor)
        #expect(try await unread(id, for: ana.api) == 3)
        let mark = try await ana.api.post("/api/conversations/\(id)/read", ["seq": 2]).expect(200)
        #expect(mark["seq"] == 2 && mark["userId"].stringValue == ana.userId)
        #expect(try await unread(id, for: ana.api) == 1)
        #expect(try await unread(id, for: joe.api) == 3)
        // It never moves back, nor beyond the end.
        #expect(try await ana.api.post("/api/conversations/\(id)/read", ["seq": 1])["seq"] == 2)
        #expect(try await ana.api.post("/api/conversations/\(id)/read", ["seq": 900])["seq"] == 3)
        #expect(try await unread(id, for: ana.api) == 0)
        _ = try await write(1, in: id, by: visitor)
        #expect(try await unread(id, for: ana.api) == 1)
        #expect(try await unread(id, for: joe.api) == 4)
    }

    @Test func ownMessagesAndDeletedOnesAreNotUnread() async throws {
        let ana = try await company()
        let joe = try await ana.join(as: "member")
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let theirs = try await write(2, in: id, by: visitor)
        let mine = try await write(2, in: id, by: ana.api)
        // What Ana wrote is news to Joe, not to her; what the customer wrote before is still unread.
        #expect(try await unread(id, for: ana.api) == 2)
        #expect(try await unread(id, for: joe.api) == 4)
        let path = "/api/conversations/\(id)/messages"
        try await visitor.patch("\(path)/\(theirs[0])", ["content": "changed"]).expect(200)
        try await ana.api.patch("\(path)/\(mine[0])", ["content": "changed"]).expect(200)
        #expect(try await unread(id, for: ana.api) == 2)
        try await visitor.delete("\(path)/\(theirs[0])").expect(204)
        try await ana.api.delete("\(path)/\(mine[1])").expect(204)
        #expect(try await unread(id, for: ana.api) == 1)
        #expect(try await unread(id, for: joe.api) == 2)
        try await joe.api.post("/api/conversations/\(id)/read", ["seq": 4]).expect(200)
        // An edit of what was read does not make it unread.
        try await ana.api.patch("\(path)/\(mine[0])", ["content": "changed again"]).expect(200)
        #expect(try await unread(id, for: joe.api) == 0)
    }

    @Test func onlyMembersHaveMarks() async throws {
        let ana = try await TestServer.shared.api.register("Ana")
        let bob = try await TestServer.shared.api.register("Bob")
        let visitor = try await ana.visitor()
        let key = try await ana.key("conversations:read", "conversations:write")
        let id = try await visitor.post("/api/conversations").expect(201).id
        #expect(try await visitor.post("/api/conversations/\(id)/read", ["seq": 1]).status == 403)
        #expect(try await key.post("/api/conversations/\(id)/read", ["seq": 1]).status == 403)
        #expect(try await bob.api.post("/api/conversations/\(id)/read", ["seq": 1]).status == 404)
        #expect(try await unread(id, for: visitor) == nil)
        #expect(try await unread(id, for: key) == nil)
    }

    @Test func theOtherWindowsOfTheSamePersonHearOfIt() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register("Ana")
        let joe = try await ana.join(as: "member")
        let id = try await Resources.make("conversations", of: ana)
        _ = try await write(2, in: id, by: ana.api)
        let own = try await second.listen("/api/events", as: ana.api)
        let others = try await second.listen("/api/events", as: joe.api)
        try await ana.api.post("/api/conversations/\(id)/read", ["seq": 2]).expect(200)
        #expect(try await own.event("conversation.read")["seq"] == 2)
        _ = try await write(1, in: id, by: ana.api)
        try await others.event("message.created") { $0["seq"] == 3 }
        #expect(others.events.allSatisfy { $0.name != "conversation.read" })
        own.close()
        others.close()
    }
}
