import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// Looking at a turn, calling it off, trying it again.
@Suite(.timeLimit(.minutes(3))) struct TurnRouteTests {
    /// What members and the model of one company do; the model never answers unless told.
    private static func desk(
        _ llm: FakeLLM, _ body: @escaping @Sendable (Tenant, TestServer) async throws -> Void
    ) async throws {
        try await withDouble(llm) { running in
            let server = try await TestServer.shared
            let ana = try await server.api.register()
            try await ana.api.post(
                "/api/llm-profiles", ["name": "own", "baseUrl": .string(running.address + "/v1"), "model": "m"]
            ).expect(201)
            try await body(ana, server)
        }
    }

    private static func ask(_ ana: Tenant, _ text: String) async throws -> (conversation: String, message: String) {
        let sent = try await ana.api.with(header: "Prefer", "wait=0").post("/api/messages", ["content": .string(text)])
            .expect(201)
        return (try #require(sent["conversationId"].stringValue), sent.id)
    }

    @Test("A running turn is called off: nothing is said, the stream tells, twice is as good as once")
    func cancelled() async throws {
        let llm = FakeLLM(otherwise: .never)
        try await Self.desk(llm) { ana, server in
            let thread = try await ana.api.post("/api/messages", ["content": "@mem help"]).expect(201)
            let stream = try await server.listen(
                "/api/conversations/\(thread["conversationId"].stringValue ?? "")/events", as: ana.api)
            let (_, message) = try await Self.ask(ana, "@assistant tell me something long")
            let started = try await stream.event("turn.started") { $0["messageId"] == .string(message) }
            let id = try #require(started["turnId"].stringValue)
            try await eventually("the model is asked") { !llm.requests.isEmpty }
            let running = try await ana.api.get("/api/turns/\(id)").expect(200)
            #expect(running["state"] == "running" && running["agent"] == "assistant" && running["attempt"] == 1)
            let start = ContinuousClock.now
            let off = try await ana.api.post("/api/turns/\(id)/cancel").expect(200)
            #expect(off["state"] == "cancelled" && off["error"] == "a member called it off")
            let again = try await ana.api.post("/api/turns/\(id)/cancel").expect(200)
            #expect(again.json == off.json)
            let finished = try await stream.event("turn.finished") { $0["turnId"] == .string(id) }
            #expect(finished["state"] == "cancelled")
            // The conversation's next turn is not held up by the one that was called off.
            let next = try await ana.api.ask("mem", "help")
            #expect(next["role"] == "agent" && ContinuousClock.now - start < .seconds(8))
            let said = try await ana.api.get("/api/messages?limit=200").expect(200).data
            #expect(!said.contains { $0["inReplyTo"] == .string(message) })
            #expect(try await ana.api.get("/api/agent-logs").data.contains { $0["state"] == "cancelled" })
            let refused = try await ana.api.post("/api/turns/\(id)/retry")
            #expect(refused.status == 409)
            stream.close()
        }
    }

    @Test("A turn that waits for approval is called off: its reply says so and nothing is sent")
    func waiting() async throws {
        let ana = try await TestServer.shared.api.register()
        _ = try await ana.api.ask("mail", "draft to bob@example.com: Hi | body")
        let asked = try await ana.api.post("/api/agents/mail/chat", ["content": "send 1"]).expect(200)
        let id = try #require(asked["turn"]["id"]?.stringValue)
        #expect(asked["turn"]["state"] == "awaiting_approval")
        let approval = try #require(
            try await ana.api.get("/api/approvals?status=pending").data.first?["id"]?.stringValue)
        #expect(try await ana.api.post("/api/turns/\(id)/cancel").expect(200)["state"] == "cancelled")
        #expect(try await ana.api.post("/api/approvals/\(approval)/approve").status == 409)
        let reply = try #require(try await ana.api.get("/api/messages").data.last)
        #expect(reply["id"] == asked["reply"]["id"] && reply["metadata"]?["state"] == "cancelled")
        #expect(reply.content == "Called off; nothing was done.")
        #expect(try await ana.api.get("/api/emails").expect(200).data.map { $0["state"] } == ["draft"])
    }

    @Test("A failed turn is tried again under its id, and its reply becomes the answer")
    func retried() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let asked = try await ana.api.post("/api/agents/mem/chat", ["content": "my gate code is 4411"]).expect(200)
        let id = try #require(asked["turn"]["id"]?.stringValue)
        #expect(try await ana.api.post("/api/turns/\(id)/retry").status == 409, "it did not fail")
        try await server.stores.withMongo { database in
            let turn = try #require(UUID(strict: id)), company = try #require(UUID(strict: ana.companyId))
            let reply = try #require(UUID(strict: asked["reply"]["id"]?.stringValue ?? ""))
            _ = try await database.collection("turns").update(
                one: ["_id": .uuid(turn), "companyId": .uuid(company)],
                ["$set": ["status": "failed", "attempt": .int64(3), "error": "no answer"]])
            _ = try await database.collection("messages").update(
                one: ["_id": .uuid(reply), "companyId": .uuid(company)], ["$set": ["content": "Sorry"]])
        }
        let again = try await ana.api.post("/api/turns/\(id)/retry").expect(200)
        #expect(again["id"].stringValue == id)
        try await eventually("it is answered") {
            try await ana.api.get("/api/turns/\(id)").expect(200)["state"] == "replied"
        }
        let turn = try await ana.api.get("/api/turns/\(id)").expect(200)
        #expect(turn["attempt"] == 4 && turn["error"] == .null && turn["replyMessageId"] == asked["reply"]["id"])
        // Messages are read from a majority, which has the answer a moment after the turn says so.
        try await eventually("its reply is the answer") {
            let said = try await ana.api.get("/api/messages").expect(200).data
            return said.count == 2 && said[1].content == asked["reply"]["content"]?.stringValue
        }
        try await eventually("it is on record once more") {
            try await ana.api.get("/api/agent-logs").expect(200).data.count == 2
        }
    }

    @Test("A turn in one's own thread is nobody else's, in the company or out of it")
    func foreign() async throws {
        let ana = try await TestServer.shared.api.register()
        let asked = try await ana.api.post("/api/agents/mem/chat", ["content": "list"]).expect(200)
        let id = try #require(asked["turn"]["id"]?.stringValue)
        let joe = try await ana.join(as: "admin").api.with(header: "X-Request-Id", "same")
        let eve = try await TestServer.shared.api.register("Eve").api.with(header: "X-Request-Id", "same")
        let unknown = UUID.v7().lowercased
        for stranger in [joe, eve] {
            for suffix in ["", "/cancel", "/retry"] {
                func call(_ id: String) async throws -> API.Answer {
                    suffix.isEmpty
                        ? try await stranger.get("/api/turns/\(id)")
                        : try await stranger.post("/api/turns/\(id)\(suffix)")
                }
                let (known, absent) = (try await call(id), try await call(unknown))
                #expect(known.status == 404 && known.bytes == absent.bytes)
            }
        }
    }
}
