import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// What `@mem` was told in a message goes when the message is deleted, whatever dies in between, and never keeps the
/// message from being deleted.
@Suite(.timeLimit(.minutes(2))) struct MemorySourceTests {
    private func mem(_ bench: TurnBench) -> MemAgent {
        let memories = MemoryStore(bench.postgres)
        return MemAgent(tools: [
            MemSaveTool(memories), MemSearchTool(memories), MemListTool(memories), MemForgetTool(memories),
            MemGetTool(memories), MemShareTool(memories),
        ])
    }

    private func memories(_ bench: TurnBench) async throws -> [Memory] {
        try await MemoryStore(bench.postgres).list(bench.member).items
    }

    /// Says something to `@mem` and waits for the answer.
    private func tell(
        _ bench: TurnBench, _ text: String, in conversation: UUID, _ runner: TurnRunner
    ) async throws -> Message {
        let message = try await bench.write(text, in: conversation, to: ["mem"])
        _ = await runner.start(message).outcome(within: .seconds(20))
        return message
    }

    @Test func factsGoWithTheirMessage() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            try await bench.workers(1, [mem(bench)]) { runners in
                let first = try await tell(bench, "remember the parcel is blue", in: conversation, runners[0])
                let second = try await tell(bench, "my gate code is 4411", in: conversation, runners[0])
                let saved = try await memories(bench)
                #expect(saved.map(\.origin?.messageId) == [second.id, first.id])
                #expect(saved.allSatisfy { $0.origin?.conversationId == conversation && $0.source == .userSaid })
                // Said once more: both messages hold it now.
                let third = try await tell(bench, "my gate code is 4411", in: conversation, runners[0])
                #expect(try await memories(bench).count == 2)
                try await bench.store.delete(message: second.id, of: conversation, in: bench.member)
                #expect(try await memories(bench).count == 2)
                try await bench.store.delete(message: third.id, of: conversation, in: bench.member)
                #expect(try await memories(bench).map(\.text) == ["the parcel is blue"])
            }
        }
    }

    @Test func whatIsSharedComesFromTheMessageThatSaidIt() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            try await bench.workers(1, [mem(bench)]) { runners in
                let said = try await tell(bench, "share the office opens at 9", in: conversation, runners[0])
                let yes = try await tell(bench, "yes", in: conversation, runners[0])
                func shared() async throws -> [Memory] {
                    try await MemoryStore(bench.postgres).list(bench.worker, subject: .company).items
                }
                #expect(try await shared().map(\.origin?.messageId) == [said.id])
                try await bench.store.delete(message: yes.id, of: conversation, in: bench.member)
                #expect(try await shared().count == 1)
                try await bench.store.delete(message: said.id, of: conversation, in: bench.member)
                #expect(try await shared().isEmpty)
            }
        }
    }

    @Test("The other store is away, or the process dies after the message is blank: another one finishes")
    func aDeletionThatDiedHalfWayIsEnded() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let said = try await bench.workers(1, [mem(bench)]) { runners in
                try await tell(bench, "remember the parcel is blue", in: conversation, runners[0])
            }
            let client = try bench.mongo.client { $0.threads = 2 }
            let dying = ConversationStore(
                client: client, logger: TurnBench.quiet, onErase: { _, _ in throw CancellationError() })
            let deleted = try await dying.delete(message: said.id, of: conversation, in: bench.member)
            #expect(deleted.deletedAt != nil && deleted.content.isEmpty, "the message is gone all the same")
            #expect(try await memories(bench).count == 1)
            let stuck = ConversationSweeper(dying, interval: .seconds(1), lifetime: .zero, TurnBench.quiet)
            await #expect(throws: CancellationError.self) { try await stuck.sweepMessages(after: 0) }
            await client.shutdown()
            let sweeper = ConversationSweeper(bench.store, interval: .seconds(1), lifetime: .zero, TurnBench.quiet)
            #expect(try await sweeper.sweepMessages() == 0, "a turn may still be at it")
            #expect(try await sweeper.sweepMessages(after: 0) == 1)
            #expect(try await memories(bench).isEmpty)
            #expect(try await sweeper.sweepMessages(after: 0) == 0)
        }
    }

    @Test("A turn that had read the message saves its fact after the deletion: the sweep finds it")
    func aFactThatComesTooLateGoesToo() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let (store, member) = (bench.store, bench.member)
            let target = Mutex<UUID?>(nil)
            try await bench.workers(1, [mem(bench)]) { configuration in
                configuration.onStep = { step, _ in
                    guard step == .answering, let id = target.withLock({ $0 }) else { return }
                    try await store.delete(message: id, of: conversation, in: member)
                }
            } _: { runners in
                let message = try await bench.write("remember the parcel is blue", in: conversation, to: ["mem"])
                target.withLock { $0 = message.id }
                _ = await runners[0].start(message).outcome(within: .seconds(20))
            }
            #expect(try await memories(bench).count == 1)
            let sweeper = ConversationSweeper(bench.store, interval: .seconds(1), lifetime: .zero, TurnBench.quiet)
            #expect(try await sweeper.sweepMessages(after: 0) == 1)
            #expect(try await memories(bench).isEmpty)
        }
    }

    @Test("What a model saves is marked as an agent's; after words from outside as untrusted, replacing nobody's word")
    func aModelsWordIsMarked() async throws {
        try await TurnBench.with { bench in
            let user = try #require(bench.member.userId)
            func box(_ taint: Taint) -> ToolBox {
                ToolBox(
                    mem(bench).tools, audience: .internal,
                    scope: ToolScope(
                        tenant: bench.worker, author: .user(user), conversationId: .v7(), isReadByCustomer: false,
                        triggerMessageId: .v7()), taint: taint)
            }
            _ = try await box(Taint()).call("mem_save", ["text": "my gate code is 4411"])
            _ = try await box(Taint(isExternal: true)).call("mem_save", ["text": "my gate code is 6666"], by: .model)
            _ = try await box(Taint()).call("mem_save", ["text": "Ana likes tea"], by: .model)
            let sources = Dictionary(
                uniqueKeysWithValues: try await memories(bench).map { ($0.text, $0.source) })
            #expect(
                sources == [
                    "my gate code is 4411": .userSaid, "my gate code is 6666": .untrusted,
                    "Ana likes tea": .agentInferred,
                ])
            let reader = box(Taint())
            _ = try await reader.call("mem_search", ["query": "gate code"], by: .model)
            #expect(reader.taint.isExternal, "what is untrusted taints who reads it")
        }
    }
}
