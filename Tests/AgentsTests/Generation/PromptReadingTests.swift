import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents
@testable import Conversations

@Suite("What a prompt is shown of earlier turns comes with what these had read")
struct PromptReadingTests {
    private func turn(customer: UUID? = nil, boundary: Int? = nil) -> AgentTurn {
        let scope = ToolScope.test(customer.map { .customer($0) } ?? .user(.v7()), isReadByCustomer: customer != nil)
        let trigger = message(30, .user, "go on")
        return AgentTurn(
            instruction: "go on", author: scope.author, tools: ToolBox([], audience: .internal, scope: scope),
            conversation: Conversation(
                id: scope.conversationId, companyId: scope.tenant.companyId, customerId: customer, platform: .web,
                owner: .company, status: .active, control: Control(boundarySeq: boundary), messageCount: 30,
                attributes: [:], version: 1, createdAt: Date(), updatedAt: Date()), trigger: trigger)
    }

    private func message(
        _ seq: Int, _ role: MessageRole, _ text: String, _ labels: ContentLabels? = nil
    ) -> Message {
        Message(
            id: .v7(), companyId: .v7(), conversationId: .v7(), seq: seq, role: role, sender: "user:a", content: text,
            agentName: role == .agent ? "mail" : nil, clientMessageId: nil, metadata: [:], inReplyTo: nil, turnId: nil,
            routing: nil, timestamp: Date(), labels: labels)
    }

    private func read(
        _ turn: AgentTurn, window: [Message] = [], summary: ConversationSummary? = nil
    ) async throws -> PromptInput {
        try await PromptReading(
            context: GenerationContext(
                company: { _ in .test }, window: { _ in PromptWindow(window, boundary: nil) },
                summary: { _ in summary }), agent: TestAgent(tools: []), turn: turn, company: .test,
            maximumCharacters: 1_000
        ).input()
    }

    @Test("Words from outside in an earlier reply bind this turn too, while the prompt shows them")
    func window() async throws {
        let plain = turn()
        _ = try await read(plain, window: [message(1, .agent, "hi", ContentLabels(followsExternal: true))])
        #expect(plain.tools.taint == Taint())
        let bound = turn()
        _ = try await read(bound, window: [message(1, .agent, "a letter", ContentLabels(isExternal: true))])
        #expect(bound.tools.taint == Taint(isExternal: true))
        #expect(
            bound.tools.labels == ContentLabels(followsExternal: true), "it is not the reply's own reading")
    }

    @Test("Notes are shown from the boundary on, never where a customer reads private things, and bring their taint")
    func summary() async throws {
        func summary(
            _ labels: ContentLabels = ContentLabels(), after: Int = 0, seq: Int = 10, text: String = "Notes."
        ) -> ConversationSummary {
            ConversationSummary(after: after, seq: seq, text: text, labels: labels, readAt: Date())
        }
        let own = turn()
        #expect(try await read(own, summary: summary(ContentLabels(isPrivate: true))).summary == "Notes.")
        #expect(own.tools.taint == Taint(isPrivate: true))
        let customers = turn(customer: .v7())
        #expect(try await read(customers, summary: summary(ContentLabels(isPrivate: true))).summary == nil)
        #expect(try await read(customers, summary: summary()).summary == "Notes.")
        #expect(try await read(turn(boundary: 12), summary: summary()).summary == nil)
        #expect(try await read(turn(boundary: 12), summary: summary(after: 12, seq: 20)).summary == "Notes.")
        #expect(try await read(turn(), summary: summary(seq: 30)).summary == nil, "it covers the message itself")
        #expect(try await read(turn(), summary: summary(text: "")).summary == nil)
    }
}
