import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// What a model is told of a conversation that a person handled in between.
@Suite(.timeLimit(.minutes(2))) struct HandBackPromptTests {
    @Test("After a hand-back the prompt begins anew, with one line about who handled what came before")
    func boundary() async throws {
        let llm = FakeLLM(.reply("We sell plans."), .reply("Sure."))
        try await ModelServer.with(llm) { shop in
            let path = "/api/conversations/\(shop.conversation)"
            _ = try await shop.ask("what is it that you sell?")
            _ = try await shop.ask("I want to talk to a human")
            try await shop.owner.api.post("\(path)/messages", ["content": "Ana here: your parcel was lost"]).expect(201)
            try await shop.owner.api.post("\(path)/control", ["action": "release"]).expect(200)
            let replies = try await shop.ask("thanks, tell me about shipping then")
            #expect(replies.map { $0["content"] } == ["Sure."])
        }
        let first = try #require(llm.requests.first).messages.map { $0["content"]?.stringValue ?? "" }
        let last = try #require(llm.requests.last).messages.map { $0["content"]?.stringValue ?? "" }
        #expect(!first[0].contains("# Before"))
        let told = try #require(last.first).split(separator: "\n").drop { !$0.hasPrefix("# Before") }.dropFirst().first
        let line = String(told ?? "")
        #expect(line.contains("People of the company (m") && line.contains("handed back to you"))
        #expect(line.contains("@sales had answered before"))
        let all = last.joined()
        #expect(!all.contains("what is it that you sell") && !all.contains("parcel") && !all.contains("We sell plans"))
        #expect(last.count == 2 && last[1].contains("tell me about shipping then"))
        try llm.assertConsumed()
    }
}
