import Foundation
import JSON
import TestSupport
import Testing

/// Messages: their order, their edits, and who answers them.
@Suite struct MessageTests {
    private func opened() async throws -> (Tenant, String) {
        let ana = try await TestServer.shared.api.register()
        return (ana, "/api/conversations/\(try await Resources.make("conversations", of: ana))/messages")
    }

    @Test func writersOfTwoProcessesMakeOneOrder() async throws {
        let (ana, path) = try await opened()
        let second = try await TestServer.second.api.with(token: ana.api.token)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let api = number.isMultiple(of: 2) ? ana.api : second
                group.addTask { try await api.post(path, ["content": .string("m\(number)")]).expect(201) }
            }
            try await group.waitForAll()
        }
        for api in [ana.api, second] {
            let seqs = try await api.get("\(path)?after=0&limit=200").data.compactMap { $0["seq"]?.integerValue }
            #expect(seqs == Array(1...40))
        }
        let conversation = try await ana.api.get(String(path.dropLast("/messages".count))).expect(200)
        #expect(conversation["lastMessage"]["seq"] == 40 && conversation["metadata"]["messageCount"] == 40)
    }

    @Test func anEditKeepsThePlace() async throws {
        let (ana, path) = try await opened()
        let made = try await ana.api.post(path, ["content": "Helo"]).expect(201)
        let edited = try await ana.api.patch("\(path)/\(made.id)", ["content": "Hello"]).expect(200)
        #expect(edited["seq"] == made["seq"] && edited["editedAt"] != .null && edited["content"] == "Hello")
        #expect(try await ana.api.get("\(path)/\(made.id)").expect(200)["content"] == "Hello")
    }

    @Test func aDeletedMessageKeepsItsPlace() async throws {
        let (ana, path) = try await opened()
        let made = try await ana.api.post(path, ["content": "secret", "metadata": ["a": "secret"]]).expect(201)
        try await ana.api.post(path, ["content": "next"]).expect(201)
        try await ana.api.delete("\(path)/\(made.id)").expect(204)
        try await ana.api.delete("\(path)/\(made.id)").expect(204)
        let list = try await ana.api.get(path).expect(200)
        #expect(list.data.count == 2 && list.data[0]["deletedAt"] != .null && list.data[0]["content"] == "")
        #expect(!String(decoding: list.bytes, as: UTF8.self).contains("secret"))
        #expect(try await ana.api.patch("\(path)/\(made.id)", ["content": "back"]).status == 409)
    }

    @Test func aMessageOfAnotherConversationIsNotHere() async throws {
        let (ana, path) = try await opened()
        let other = try await Resources.message(in: try await Resources.make("conversations", of: ana), of: ana)
        #expect(try await ana.api.get("\(path)/\(other)").status == 404)
        #expect(try await ana.api.patch("\(path)/\(other)", ["content": "x"]).status == 404)
        #expect(try await ana.api.delete("\(path)/\(other)").status == 404)
    }

    @Test(arguments: ["after=1&before=2", "after=-1", "before=0", "cursor=zz", "cursor=a-1", "limit=0", "after=x"])
    func oddWindowsAreRefused(_ query: String) async throws {
        let (ana, path) = try await opened()
        #expect(try await ana.api.get("\(path)?\(query)").status == 400)
    }

    @Test func oneReplyForEachAgent() async throws {
        let (ana, path) = try await opened()
        let body: JSONValue = ["content": "@mem remember the code is 7", "clientMessageId": "c"]
        let api = ana.api.with(header: "Prefer", "wait=20")
        let first = try await api.post(path, body).expect(201)
        #expect(first["replies"].arrayValue?.count == 1)
        try await api.post(path, body).expect(200)
        let replies = try await ana.api.get(path).data.filter { $0["role"] == "agent" }
        #expect(replies.count == 1 && replies[0]["agentName"] == "mem" && replies[0]["inReplyTo"] == first["id"])
        #expect(try await ana.api.get("/api/agent-logs?agent=mem").data.count == 1)
    }

    @Test func memoriesAreOnesOwn() async throws {
        let ana = try await TestServer.shared.api.register()
        let joe = try await ana.join(as: "member")
        try await ana.api.post("/api/messages", ["content": "@mem remember my code is zebra"]).expect(201)
        let asked = try await joe.api.post("/api/messages", ["content": "@mem what is my code?"]).expect(201)
        #expect(!String(decoding: asked.bytes, as: UTF8.self).contains("zebra"))
        let chat = try await ana.api.post("/api/agents/mem/chat", ["content": "what is my code?"]).expect(200)
        #expect(chat["reply"]["content"]?.stringValue?.contains("zebra") == true)
    }

    @Test func agentsMessagesStartNobody() async throws {
        let (ana, path) = try await opened()
        let api = ana.api.with(header: "Prefer", "wait=5")
        let answer = try await api.post(path, ["content": "@mem list", "role": "agent", "agentName": "x"]).expect(201)
        #expect(answer["replies"] == [])
    }

    @Test func agentsAreListedAndFound() async throws {
        let ana = try await TestServer.shared.api.register()
        let names = try await ana.api.get("/api/agents").expect(200).data.compactMap { $0["name"]?.stringValue }
        #expect(Set(names).isSuperset(of: ["mail", "cal", "mem", "sales", "assistant"]))
        #expect(try await ana.api.get("/api/agents/mem").expect(200)["kind"] == "built_in")
        #expect(try await ana.api.get("/api/agents/nobody").status == 404)
        #expect(try await ana.api.post("/api/agents/nobody/chat", ["content": "Hi"]).status == 404)
        let parsed = try await ana.api.post("/api/routing/parse", ["content": "@mem list"]).expect(200)
        #expect(parsed["agents"].arrayValue?.first?["name"] == "mem")
    }

    @Test func stateIsKeptReplacedAndForgotten() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/agents/mem/state"
        #expect(try await ana.api.get(path).expect(200)["version"] == 0)
        let put = try await ana.api.put(path, ["state": ["a": 1]]).expect(200)
        let tag = try #require(put.headers["etag"])
        try await ana.api.with(header: "If-Match", tag).put(path, ["state": ["a": 2]]).expect(200)
        #expect(try await ana.api.with(header: "If-Match", tag).put(path, ["state": ["a": 3]]).status == 412)
        try await ana.api.delete(path).expect(204)
        #expect(try await ana.api.get(path).expect(200)["state"] == [:])
    }

    @Test func conversationsAreFiltered() async throws {
        let ana = try await TestServer.shared.api.register()
        let customer = try await ana.api.post("/api/customers", ["name": "Zelda"]).expect(201).id
        let body: JSONValue = ["title": "Order", "customerId": .string(customer), "platform": "email"]
        let id = try await ana.api.post("/api/conversations", body).expect(201).id
        _ = try await Resources.make("conversations", of: ana)
        let change: JSONValue = ["assignee": .string(ana.userId)]
        try await ana.api.patch("/api/conversations/\(id)", change).expect(200)
        for query in ["customerId=\(customer)", "platform=email", "assignee=\(ana.userId)", "q=order", "q=zelda"] {
            let found = try await ana.api.get("/api/conversations?\(query)").expect(200).data
            #expect(found.map { $0["id"] } == [.string(id)], "\(query)")
        }
        let detail = try await ana.api.get("/api/conversations/\(id)").expect(200)
        #expect(detail["customer"]["name"] == "Zelda")
    }

    @Test func theFirstMessageMayBeItsTextAlone() async throws {
        let ana = try await TestServer.shared.api.register()
        for message: JSONValue in ["Hello", ["content": "Hello"]] {
            let made = try await ana.api.post("/api/conversations", ["title": "T", "message": message]).expect(201)
            #expect(made["message"]["content"] == "Hello" && made["message"]["seq"] == 1)
        }
        let blank = try await ana.api.post("/api/conversations", ["message": "  "]).expect(400)
        #expect(blank["errors"].arrayValue?.map { $0["field"] } == ["message"])
    }
}
