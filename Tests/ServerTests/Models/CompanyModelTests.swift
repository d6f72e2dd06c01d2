import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// A company's own language model answers for its agents, and for nobody else's.
@Suite struct CompanyModelTests {
    private static func profile(_ address: String) -> JSONValue {
        ["name": "own", "baseUrl": .string(address + "/v1"), "model": "theirs", "apiKey": "test-key-not-a-real-one"]
    }

    @Test func itsKeyAndModelAreUsedForItsAgentsAlone() async throws {
        let llm = FakeLLM(.reply("From our own model."), .reply("From the big one."))
        try await withDouble(llm) { running in
            let server = try await TestServer.shared
            let (shop, other) = (try await ModelServer.Shop(server), try await ModelServer.Shop(server))
            try await shop.owner.api.post("/api/llm-profiles", Self.profile(running.address)).expect(201)
            #expect(try await shop.ask("hello, who are you?").map { $0["content"] } == ["From our own model."])
            try await shop.owner.api.patch("/api/agents/sales", ["model": "big"]).expect(200)
            #expect(try await shop.ask("and what else are you?").map { $0["content"] } == ["From the big one."])
            _ = try await other.ask("hello, who are you?")
            #expect(try await other.lastMode() == "deterministic")
        }
        #expect(llm.requests.map { $0.body["model"]?.stringValue } == ["theirs", "big"])
        #expect(llm.requests.allSatisfy { $0.headers["authorization"] == "Bearer test-key-not-a-real-one" })
        try llm.assertConsumed()
    }

    @Test func anAddressInsideIsNotAskedEvenWhenItWasAllowedOnce() async throws {
        let llm = FakeLLM(otherwise: .reply("never", .init()))
        try await withDouble(llm) { running in
            let stores = try await TestServer.shared.stores
            let shop = try await ModelServer.Shop(try await TestServer.shared)
            try await shop.owner.api.post("/api/llm-profiles", Self.profile(running.address)).expect(201)
            try await TestServer.with(["EGRESS_ALLOW": "", "OPENAI_MODEL": ""], on: stores) { strict in
                let api = strict.api.with(token: shop.owner.api.token)
                let id = try await api.post("/api/conversations", ["platform": "web"]).expect(201).id
                let replies = try await api.with(header: "Prefer", "wait=20").post(
                    "/api/conversations/\(id)/messages", ["content": "@assistant tell me about the weather"]
                ).expect(201)["replies"].arrayValue
                #expect(replies?.map { $0["metadata"]?["mode"] } == ["deterministic"])
            }
        }
        #expect(llm.requests.isEmpty)
    }

    /// What is read while it is written: pieces that join to the beginning of the stored text.
    @Test func theAnswerIsSeenWhileItIsWritten() async throws {
        let text = "This is the first sentence. Here comes the second one! And a third follows. Bye"
        let llm = FakeLLM(
            .reply(
                text,
                .init {
                    $0.chunks = 20; $0.delay = .milliseconds(30)
                }))
        try await withDouble(llm) { running in
            let server = try await TestServer.shared
            let shop = try await ModelServer.Shop(server)
            try await shop.owner.api.post("/api/llm-profiles", Self.profile(running.address)).expect(201)
            let stream = try await server.listen(
                "/api/conversations/\(shop.conversation)/events", as: shop.visitor)
            let reply = try #require(try await shop.ask("tell me something").first)
            try await stream.event("message.created") { $0["id"] == reply["id"] ?? .null }
            // Told after the reply is stored.
            try await stream.event("turn.finished")
            var shown = ""
            for delta in stream.events where delta.name == "message.delta" {
                #expect(delta["offset"].integerValue == Int64(shown.unicodeScalars.count))
                shown += delta["text"].stringValue ?? ""
            }
            #expect(!shown.isEmpty && text.hasPrefix(shown) && reply["content"] == .string(text))
            let names = stream.events.map(\.name)
            #expect(names.filter { $0.hasPrefix("turn.") } == ["turn.started", "turn.finished"])
            stream.close()
        }
    }
}
