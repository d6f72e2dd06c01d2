import Foundation
import Testing

@testable import Agents
@testable import Conversations

@Suite("Which messages are summed up, and what is kept of a model's notes")
struct SummaryPlanTests {
    private func messages(_ count: Int, characters: Int = 20) -> [Message] {
        (0..<count).map { $0 + 1 }.map { seq in
            Message(
                id: .v7(), companyId: .v7(), conversationId: .v7(), seq: seq, role: .user, sender: "user:a",
                content: String(repeating: "x", count: characters), agentName: nil, clientMessageId: nil, metadata: [:],
                inReplyTo: nil, turnId: nil, routing: nil, timestamp: Date())
        }
    }

    @Test("Nothing while all fits into the window; then all but the newest ten")
    func count() {
        #expect(SummaryPlan([]).chosen.isEmpty)
        #expect(SummaryPlan(messages(20)).chosen.isEmpty)
        #expect(SummaryPlan(messages(21)).chosen.map(\.seq) == Array(1...11))
        #expect(SummaryPlan(messages(200)).chosen.map(\.seq) == Array(1...60), "a bounded piece, the oldest first")
    }

    @Test("Few long messages outgrow it as well, and a single one is taken however long it is")
    func size() {
        #expect(SummaryPlan(messages(3, characters: 8_000)).chosen.map(\.seq) == [1, 2, 3])
        #expect(SummaryPlan(messages(1, characters: 32_000)).chosen.map(\.seq) == [1])
        #expect(SummaryPlan(messages(15, characters: 1_000)).chosen.map(\.seq) == Array(1...9))
        let pieces = SummaryPlan(messages(50, characters: 20_000)).chosen.count
        #expect((1...11).contains(pieces), "a model is given at most about 6,000 tokens")
    }

    @Test("Notes are plain, without links, ids and secrets, and bounded")
    func text() throws {
        func checked(_ text: String) -> String? { SummaryText.checked(text, isCut: false, tokens: 800) }
        #expect(checked("  The customer <b>wants</b> tea.\u{202E} ") == "The customer wants tea.")
        #expect(checked("See [our page](https://evil.example/x) now.") == "See our page now.")
        #expect(checked("The key is sk-abcdefghijklmnopqrstuvwx.") == nil)
        #expect(checked("Order \(UUID().uuidString.lowercased()) is open.") == nil)
        #expect(checked("   ") == nil)
        let long = try #require(checked(String(repeating: "The customer asks again. ", count: 1_000)))
        #expect(long.count <= 2_800 && long.hasSuffix("."))
        #expect(SummaryText.cut(String(repeating: "長", count: 9_000), tokens: 800).count <= 1_280)
        #expect(SummaryText.checked("One. Two and", isCut: true, tokens: 800) == "One.")
    }
}
