import Foundation
import JSON
import TestSupport
import Testing

/// Agents through HTTP, by more than one process.
@Suite struct TurnStoryTests {
    /// One process accepts and another one answers; who waits gets the reply all the same.
    @Test func whoWaitsGetsTheReplyOfAWorkerElsewhere() async throws {
        try await TestServer.with(["WORKERS_INSIDE": "false"]) { server in
            try await TestServer.with(on: server.stores) { _ in
                let ana = try await server.api.register()
                let told = try await ana.api.post("/api/messages", ["content": "@mem remember the code is 4711"])
                #expect(try told.expect(201)["replies"].arrayValue?.count == 1)
                let asked = try await ana.api.post("/api/messages", ["content": "@mem what is the code?"]).expect(201)
                #expect(asked["replies"].arrayValue?.first?["content"]?.stringValue?.contains("4711") == true)
            }
        }
    }

    @Test func withoutAnyWorkerAMessageIsTakenAndAnsweredLater() async throws {
        try await TestServer.with(["WORKERS_INSIDE": "false"]) { server in
            let ana = try await server.api.register()
            let api = ana.api.with(header: "Prefer", "wait=1")
            let told = try await api.post("/api/messages", ["content": "@mem remember the code is 4711"]).expect(201)
            #expect(told["replies"] == [] && told.headers["preference-applied"] == "wait=1")
            try await TestServer.with(on: server.stores) { _ in
                try await eventually("it is answered") {
                    try await ana.api.get("/api/messages").expect(200).data.count == 2
                }
            }
        }
    }

    @Test func aVisitorWhoAsksForAPersonWaitsForOne() async throws {
        let shop = try await TestServer.shared.api.register("Shop")
        let visitor = try await shop.visitor().with(header: "Prefer", "wait=20")
        let id = try #require(try await visitor.get("/api/conversations").data.first?["id"]?.stringValue)
        let path = "/api/conversations/\(id)/messages"
        /// Those who wait for a person, and those who do not.
        func lists() async throws -> [Int] {
            var counts: [Int] = []
            for word in ["true", "false"] {
                counts.append(try await shop.api.get("/api/conversations?waiting=\(word)").expect(200).data.count)
            }
            return counts
        }
        #expect(try await lists() == [0, 1])
        let called = try await visitor.post(path, ["content": "Can I speak to a human please?"]).expect(201)
        #expect(called["replies"].arrayValue?.map { $0["role"] } == ["system"])
        let open = try await shop.api.get("/api/conversations/\(id)").expect(200)
        #expect(open["control"]["requestedAt"]?.stringValue != nil)
        #expect(try await lists() == [1, 0])
        #expect(try await visitor.post(path, ["content": "hello?"]).expect(201)["replies"] == [])
        // A member answers, which takes control, and hands back.
        try await shop.api.post(path, ["content": "Hi, this is Ana"]).expect(201)
        let taken = try await shop.api.get("/api/conversations/\(id)").expect(200)
        #expect(taken["control"]["holder"]?.stringValue == shop.userId)
        #expect(taken["control"]["requestedAt"] == .null)
        #expect(try await lists() == [0, 1])
        try await shop.api.post("/api/conversations/\(id)/control", ["action": "release"]).expect(200)
        let answered = try await visitor.post(path, ["content": "what do you sell?"]).expect(201)
        #expect(answered["replies"].arrayValue?.map { $0["agentName"] } == ["sales"])
    }

    @Test func approvalsAreTheMembersAlone() async throws {
        let ana = try await TestServer.shared.api.register()
        let id = try await Resources.make("approvals", of: ana)
        let listed = try await ana.api.get("/api/approvals?status=pending").expect(200).data
        #expect(listed.map { $0["id"]?.stringValue } == [id] && listed.first?["tool"] == "mail_send")
        #expect(try await ana.api.get("/api/approvals?status=maybe").status == 400)
        let key = try await ana.key("conversations:read", "conversations:write")
        #expect(try await key.post("/api/approvals/\(id)/approve", [:]).status == 403)
        #expect(try await ana.visitor().post("/api/approvals/\(id)/approve", [:]).status == 403)
        let approved = try await ana.api.post("/api/approvals/\(id)/approve", [:]).expect(200)
        #expect(approved["status"] == "approved" && approved["decidedBy"].stringValue == ana.userId)
        try await ana.api.post("/api/approvals/\(id)/approve").expect(200)
        #expect(try await ana.api.post("/api/approvals/\(id)/reject").status == 409)
        #expect(try await ana.api.get("/api/approvals?status=pending").expect(200).data.isEmpty)
    }

    @Test func aBareAnswerReachesTheAgentThatAsked() async throws {
        let ana = try await TestServer.shared.api.register()
        func say(_ text: String) async throws -> JSONValue {
            let sent = try await ana.api.post("/api/messages", ["content": .string(text)]).expect(201)
            return try #require(sent["replies"].arrayValue?.first)
        }
        _ = try await say("@mem remember the gate code is 4411")
        #expect(try await say("@mem forget everything").content.contains("yes or no"))
        let kept = try await say("no")
        #expect(kept["agentName"] == "mem" && kept.content == "Nothing was forgotten.")
        #expect(try await say("what can you do")["agentName"] == "assistant", "anything else is the assistant's")
        #expect(try await say("yes")["agentName"] == "assistant", "it spoke last")
    }

    @Test func anAnswerToAnAgentReachesThatAgent() async throws {
        let ana = try await TestServer.shared.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let api = ana.api.with(header: "Prefer", "wait=20")
        let path = "/api/conversations/\(id)/messages"
        let first = try await api.post(path, ["content": "@mem my gate code is 4411"]).expect(201)
        let reply = try #require(first["replies"].arrayValue?.first?["id"])
        let next = try await api.post(path, ["content": "recall gate code", "inReplyTo": reply]).expect(201)
        #expect(next["replies"].arrayValue?.first?["content"]?.stringValue?.contains("4411") == true)
        #expect(try await api.post(path, ["content": "recall gate code"]).expect(201)["replies"] == [])
    }
}
