import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// The stream tells members which tools a turn is using, wherever it runs; visitors it does not.
@Suite(.timeLimit(.minutes(3))) struct ToolEventTests {
    private static func names(_ stream: StreamListener) -> [String] {
        stream.events.map(\.name).filter { $0.hasPrefix("turn.") || $0.hasPrefix("tool.") }
    }

    @Test("A worker in another process, and a reader who comes in the middle")
    func twoProcesses() async throws {
        let mcp = FakeMCP()
        mcp.hold()
        let llm = FakeLLM(.call(.init("mcp_fake_echo", #"{"text":"secret words"}"#)), .reply("It said so."))
        try await withDouble(llm) { model in
            try await withDouble(mcp) { tools in
                let stores = try await TestStores.fresh()
                let settings = ["EGRESS_ALLOW": "127.0.0.1:*", "WORKERS_INSIDE": "false"]
                try await TestServer.with(settings, on: stores) { front in
                    try await TestServer.with(["EGRESS_ALLOW": "127.0.0.1:*"], on: stores) { _ in
                        let ana = try await front.api.register()
                        try await Self.equip(ana, model.address, tools.address)
                        try await Self.watch(front, ana, mcp)
                    }
                }
            }
        }
    }

    private static func watch(_ front: TestServer, _ ana: Tenant, _ mcp: FakeMCP) async throws {
        let thread = try await ana.api.post("/api/messages", ["content": "@mem help"]).expect(201)
        let path = "/api/conversations/\(thread["conversationId"].stringValue ?? "")/events"
        let stream = try await front.listen(path, as: ana.api)
        try await ana.api.with(header: "Prefer", "wait=0").post("/api/messages", ["content": "@ops say it"]).expect(201)
        let begun = try await stream.event("tool.started")
        #expect(begun["tool"] == "mcp_fake_echo" && begun["agentName"] == "ops" && begun["call"] == 1)
        #expect(begun["label"] == "Says what it is told" && begun["ok"].isNull && begun.id == nil)
        let late = try await front.listen(path, as: ana.api)
        let again = try await late.event("tool.started")
        #expect(again["turnId"] == begun["turnId"] && again["call"] == 1)
        #expect(Self.names(late) == ["turn.started", "tool.started"])
        mcp.release()
        for reader in [stream, late] {
            let over = try await reader.event("tool.finished")
            #expect(over["ok"] == true && over["turnId"] == begun["turnId"] && over["call"] == 1)
            try await reader.event("turn.finished")
            #expect(Self.names(reader) == ["turn.started", "tool.started", "tool.finished", "turn.finished"])
            // Arguments and results are in the log alone.
            let told = reader.events.filter { $0.name.hasPrefix("tool.") }.flatMap(\.data)
            #expect(!String(decoding: told, as: UTF8.self).contains("secret"))
            reader.close()
        }
    }

    /// A model, a server with a tool that needs no approval, and an agent that holds it.
    private static func equip(_ ana: Tenant, _ model: String, _ tools: String) async throws {
        try await ana.api.post(
            "/api/llm-profiles", ["name": "own", "baseUrl": .string(model + "/v1"), "model": "m"]
        ).expect(201)
        let server = try await ana.api.post(
            "/api/mcp-servers",
            ["name": "Fake", "slug": "fake", "url": .string(FakeMCP.endpoint(tools)), "approval": "never"]
        ).expect(201).id
        let path = "/api/mcp-servers/\(server)/tools"
        let tool = try await ana.api.get(path).expect(200).data.first { $0["name"] == "echo" }
        try await ana.api.patch("\(path)/echo", ["approvedHash": tool?["hash"] ?? .null]).expect(200)
        try await ana.api.post(
            "/api/agents",
            [
                "name": "ops", "description": "Runs things.", "instructions": "Use the tool.", "audience": "internal",
                "tools": ["mcp_fake_echo"],
            ]
        ).expect(201)
    }

    @Test("A visitor never hears of tools: not live, not by what runs, and a member of another company nothing at all")
    func visitors() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let path = "/api/conversations/\(id)/events"
        let (theirs, ours) = (try await server.listen(path, as: visitor), try await server.listen(path, as: ana.api))
        let feed = try await server.listen("/api/events", as: ana.api)
        let stranger = try await server.listen("/api/events", as: try await server.api.register("Eve").api)
        try await visitor.with(header: "Prefer", "wait=20")
            .post("/api/conversations/\(id)/messages", ["content": "@sales what are your opening hours?"]).expect(201)
        for reader in [theirs, ours, feed] { try await reader.event("turn.finished") }
        #expect(Self.names(theirs) == ["turn.started", "turn.finished"])
        for reader in [ours, feed] {
            let names = Self.names(reader)
            #expect(names.first == "turn.started" && names.last == "turn.finished")
            #expect(names.contains("tool.started") && names.contains("tool.finished"))
        }
        // A tool that runs while the visitor connects.
        let running: (UUID, UUID) = (
            try #require(UUID(strict: ana.companyId)), try #require(UUID(strict: id))
        )
        try await server.stores.withMongo { database in
            _ = try await database.collection("turns").update(
                one: ["companyId": .uuid(running.0), "conversationId": .uuid(running.1)],
                [
                    "$set": [
                        "status": "running", "lease": .uuid(UUID()),
                        "leaseUntil": .date(Date(timeIntervalSinceNow: 600)), "slot": .int64(3),
                        "tools": [["call": .int64(1), "agent": "sales", "tool": "company_info", "label": "Tells"]],
                    ]
                ])
        }
        let late = (try await server.listen(path, as: visitor), try await server.listen(path, as: ana.api))
        try await late.1.event("tool.started") { $0["tool"] == "company_info" }
        try await late.0.event("turn.started")
        // A later event shows that nothing came in between.
        try await ana.api.post("/api/conversations/\(id)/messages", ["content": "Hello"]).expect(201)
        try await late.0.event("message.created") { $0["content"] == "Hello" }
        #expect(Self.names(late.0) == ["turn.started"])
        #expect(Self.names(stranger).isEmpty)
        for reader in [theirs, ours, feed, stranger, late.0, late.1] { reader.close() }
    }
}
