import Foundation
import JSON
import Mongo
import TestSupport
import Testing

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// What leaves the company happens once, after a member said so, or not at all.
@Suite(.timeLimit(.minutes(3))) struct TurnApprovalTests {
    private static func sender(_ sent: Counter, text: @escaping @Sendable () -> String = { "b" }) -> ScriptedAgent {
        ScriptedAgent(audience: .internal, tools: [CountingTool(name: "send", effect: .externalSend, done: sent)]) {
            turn in
            do {
                let result = try await turn.tools.call("send", ["what": .string(text())])
                return AgentAnswer("sent \(result.encodedString)", memory: turn.memory)
            } catch ToolError.unknownOutcome {
                return AgentAnswer("unknown", memory: turn.memory)
            }
        }
    }

    private static func pending(_ bench: TurnBench) async throws -> [Approval] {
        try await bench.store.approvals.list(bench.member, state: .pending).items
    }

    /// Waits until the turn waits, checks what the reply says meanwhile, and returns what is asked.
    private static func ask(
        _ bench: TurnBench, _ runner: TurnRunner, in conversation: UUID
    ) async throws -> (
        Message, Approval
    ) {
        let message = try await bench.write("send b", in: conversation, to: ["bot"])
        let outcome = await runner.start(message).outcome(within: .seconds(20))
        #expect(outcome.turns.map(\.state) == ["awaiting_approval"])
        #expect(outcome.replies.first?.metadata["state"] == "pending_approval")
        let asked = try await pending(bench)
        try #require(asked.count == 1)
        #expect(asked[0].tool == "send" && asked[0].arguments["what"] == "b" && asked[0].summary.contains("what: b"))
        return (message, asked[0])
    }

    @Test func approvedItHappensOnceAndTheReplyChanges() async throws {
        try await TurnBench.with { bench in
            let sent = Counter()
            let conversation = try await bench.conversation()
            try await bench.workers(2, [Self.sender(sent)]) { runners in
                let (message, approval) = try await Self.ask(bench, runners[0], in: conversation)
                #expect(sent.value == 0)
                let waiting = try #require(try await bench.replies(conversation).first)
                // The conversation goes on meanwhile.
                let other = try await bench.write("send b", in: conversation, to: ["bot"])
                let second = await runners[1].start(other).outcome(within: .seconds(20))
                #expect(second.turns.map(\.state) == ["awaiting_approval"])
                let decided = try await bench.store.approvals.decide(approval.id, .approved, by: bench.member)
                #expect(decided.isNew)
                try await runners[1].resume(decided.approval)
                try await eventually("it is done") { try await bench.isOver(message) }
                let reply = try #require(try await bench.replies(conversation).first)
                #expect(reply.content == "sent 1" && reply.id == waiting.id && reply.seq == waiting.seq)
                #expect(reply.metadata["state"] == nil)
                #expect(sent.value == 1, "approval of one call is none of another")
                #expect(try await bench.replies(conversation).count == 2)
                #expect(try await bench.turn(message)?.attempt == 1, "a decision costs no attempt")
                // Deciding again changes nothing, otherwise is refused.
                let again = try await bench.store.approvals.decide(approval.id, .approved, by: bench.member)
                #expect(!again.isNew)
                try await runners[0].resume(again.approval)
                await #expect(throws: StoreConflict.self) {
                    _ = try await bench.store.approvals.decide(approval.id, .rejected, by: bench.member)
                }
                #expect(sent.value == 1)
                try await eventually("it is on record") { try await bench.logs().map(\.state) == [.replied] }
            }
        }
    }

    @Test func rejectedNothingHappensAndTheReplySaysSo() async throws {
        try await TurnBench.with { bench in
            let sent = Counter()
            let conversation = try await bench.conversation()
            try await bench.workers(1, [Self.sender(sent)]) { runners in
                let (message, approval) = try await Self.ask(bench, runners[0], in: conversation)
                let decided = try await bench.store.approvals.decide(approval.id, .rejected, by: bench.member)
                try await runners[0].resume(decided.approval)
                try await eventually("it is over") { try await bench.isOver(message) }
                let replies = try await bench.replies(conversation)
                #expect(replies.count == 1 && replies[0].metadata["state"] == "rejected")
                #expect(replies[0].content.contains("Not done"))
                #expect(sent.value == 0)
            }
        }
    }

    @Test func whatNobodyDecidesLapses() async throws {
        try await TurnBench.with { bench in
            let sent = Counter()
            let conversation = try await bench.conversation()
            try await bench.workers(1, [Self.sender(sent)]) { runners in
                let (message, approval) = try await Self.ask(bench, runners[0], in: conversation)
                try await bench.store.approvals.approvals.update(
                    one: ["_id": .uuid(approval.id), "companyId": .uuid(bench.company)],
                    ["$set": ["expiresAt": .date(Date(timeIntervalSinceNow: -1))]])
                try await eventually("it lapses") { try await bench.isOver(message) }
                #expect(sent.value == 0)
                #expect(try await bench.replies(conversation).first?.content.contains("in time") == true)
                await #expect(throws: StoreConflict.self) {
                    _ = try await bench.store.approvals.decide(approval.id, .approved, by: bench.member)
                }
            }
        }
    }

    /// The process that took the decision dies before the turn hears of it.
    @Test func aDecisionIsDeliveredWhoeverDies() async throws {
        try await TurnBench.with { bench in
            let sent = Counter()
            let conversation = try await bench.conversation()
            try await bench.workers(1, [Self.sender(sent)]) { runners in
                let (message, approval) = try await Self.ask(bench, runners[0], in: conversation)
                _ = try await bench.store.approvals.decide(approval.id, .approved, by: bench.member)
                try await eventually("it is done") { try await bench.isOver(message) }
                #expect(sent.value == 1)
            }
        }
    }

    @Test func anotherCallThanTheOneApprovedIsAskedForAgain() async throws {
        try await TurnBench.with { bench in
            let sent = Counter()
            let conversation = try await bench.conversation()
            let runs = Counter()
            let agent = Self.sender(sent) { runs.add() == 1 ? "b" : "something else" }
            try await bench.workers(1, [agent]) { runners in
                let (message, approval) = try await Self.ask(bench, runners[0], in: conversation)
                let decided = try await bench.store.approvals.decide(approval.id, .approved, by: bench.member)
                try await runners[0].resume(decided.approval)
                try await eventually("it asks again") { try await Self.pending(bench).count == 1 }
                #expect(sent.value == 0)
                #expect(try await bench.isOver(message) == false)
            }
        }
    }

    @Test func nobodyElseSeesOrDecides() async throws {
        try await TurnBench.with { bench in
            let other = try await TurnBench.owner(bench.postgres)
            let sent = Counter()
            let conversation = try await bench.conversation()
            try await bench.workers(1, [Self.sender(sent)]) { runners in
                let (_, approval) = try await Self.ask(bench, runners[0], in: conversation)
                #expect(try await bench.store.approvals.list(other, state: nil).items.isEmpty)
                await #expect(throws: NotFound.self) {
                    _ = try await bench.store.approvals.decide(approval.id, .approved, by: other)
                }
                let key = TenantScope(
                    companyId: bench.company, caller: .apiKey(id: UUID(), permissions: Set(Permission.allCases)))
                await #expect(throws: Forbidden.self) {
                    _ = try await bench.store.approvals.decide(approval.id, .approved, by: key)
                }
                #expect(sent.value == 0)
            }
        }
    }
}
