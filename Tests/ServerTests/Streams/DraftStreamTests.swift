import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// An answer while it is being written, for whoever comes in the middle.
@Suite(.timeLimit(.minutes(2))) struct DraftStreamTests {
    @Test("Who connects in the middle gets what was told so far, and ends with the text that is stored")
    func whoComesInTheMiddleEndsWithTheStoredText() async throws {
        let gate = FakeLLM.Gate()
        let llm = FakeLLM(
            .init(.any, .held(["We sell plans for runners. They la", "st twelve weeks. Shall I tell more?"], gate)))
        try await ModelServer.with(llm) { shop in
            let path = "/api/conversations/\(shop.conversation)"
            let first = try await shop.server.listen("\(path)/events", as: shop.visitor)
            try await shop.visitor.post("\(path)/messages", ["content": "tell me something"]).expect(201)
            let delta = try await first.event("message.delta") { $0["text"].stringValue?.isEmpty == false }
            #expect(delta["text"].stringValue?.hasPrefix("We sell plans for runners.") == true)
            // The line breaks, and another one begins.
            first.close()
            let second = try await shop.server.listen("\(path)/events", as: shop.visitor)
            let snapshot = try await second.event("message.delta") { $0["snapshot"] == true }
            #expect(snapshot["text"] == delta["text"] && snapshot["offset"] == 0)
            gate.open()
            let told = try await second.event("message.created") { $0["role"] == "agent" }
            let text = "We sell plans for runners. They last twelve weeks. Shall I tell more?"
            #expect(told["content"].stringValue == text)
            let stored = try await shop.agentMessages()
            #expect(stored.map { $0["content"] } == [.string(text)])
            second.close()
        }
    }
}
