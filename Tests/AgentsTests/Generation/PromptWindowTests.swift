import Foundation
import Testing

@testable import Agents
@testable import Conversations

@Suite("What a prompt shows of a conversation that was handed back")
struct PromptWindowTests {
    private static func message(
        _ seq: Int, _ role: MessageRole, _ text: String, agent: String? = nil, sender: String = "user:a"
    ) -> Message {
        Message(
            id: .v7(), companyId: .v7(), conversationId: .v7(), seq: seq, role: role, sender: sender, content: text,
            agentName: agent, clientMessageId: nil, reasoning: nil, functionCalls: nil, functionOutputs: nil,
            metadata: [:], inReplyTo: nil, turnId: nil, routing: nil,
            timestamp: Date(timeIntervalSince1970: 1_800_000_000 + Double(seq)))
    }

    private let talk = [
        message(1, .customer, "hi", sender: "customer:x"), message(2, .agent, "hello", agent: "sales"),
        message(3, .user, "Ana here"), message(4, .user, "Joe here", sender: "user:b"),
        message(5, .customer, "thanks", sender: "customer:x"),
    ]

    @Test("Without a boundary everything is shown")
    func whole() {
        var speakers = SpeakerNames()
        let window = PromptWindow(talk, boundary: nil)
        #expect(window.messages.count == 5 && PromptWindow.summary(of: window.earlier, &speakers) == nil)
    }

    @Test("Up to the boundary it is summed up without a word of what was said")
    func split() throws {
        var speakers = SpeakerNames()
        let window = PromptWindow(talk, boundary: 4)
        #expect(window.messages.map(\.seq) == [5])
        let line = try #require(PromptWindow.summary(of: window.earlier, &speakers))
        #expect(line.contains("(m1, m2) handled this conversation until 2027-01-15T08:00 UTC"))
        #expect(line.contains("@sales had answered before") && !line.contains("Ana") && !line.contains("\n"))
    }

    @Test("A person who was called and never came is told as that")
    func called() throws {
        var speakers = SpeakerNames()
        let line = try #require(PromptWindow.summary(of: Array(talk.prefix(2)), &speakers))
        #expect(line.hasPrefix("A person of the company was called for until"))
    }

    @Test("What one message gives a model ends at 8,000 scalars, however few characters these are")
    func cut() {
        let text = "a" + String(repeating: "\u{301}", count: 20_000)
        let input = PromptInput(
            agent: "a", instructions: "", company: "c", profile: [:], isForCustomer: false, maximumCharacters: 100,
            author: .member("m1"), message: text, instruction: text, now: Date())
        let shown = PromptAssembly.messages(input).last?.text ?? ""
        #expect(shown.unicodeScalars.count < 8_100)
    }
}
