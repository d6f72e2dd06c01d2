import Foundation
import Testing

@testable import Conversations
@testable import Tenancy

/// A conversation's stored metadata may be behind its messages; nobody who looks at it finds out.
@Suite struct LateMetadataTests {
    /// A conversation with two messages of which its metadata does not know.
    private func conversation(_ bench: Bench) async throws -> Conversation {
        let conversation = try await bench.conversation()
        for seq in 1...2 {
            let message = Message(
                .text("\(seq)"), sender: "x", companyId: bench.company, conversationId: conversation.id,
                in: conversation.audience)
            var document = MessageDocument(message)
            document.stamp(seq: seq, timestamp: .now)
            try await bench.store.messages.insert(document.document)
        }
        return conversation
    }

    @Test func aReaderMarksWhatWasReadAndNoMore() async throws {
        try await Bench.with { bench in
            let conversation = try await conversation(bench)
            #expect(try await bench.store.markRead(conversation.id, upTo: 7, in: bench.member) == 2)
        }
    }

    @Test func theAgentsPartBeginsAfterTheLastMessage() async throws {
        try await Bench.with { bench in
            let conversation = try await bench.conversation(customer: UUID())
            let member = bench.member(UUID())
            _ = try await bench.store.giveControl(of: conversation.id, to: "someone", in: member)
            for seq in 1...2 {
                var document = MessageDocument(
                    Message(
                        .text("\(seq)"), sender: "x", companyId: bench.company, conversationId: conversation.id,
                        in: conversation.audience))
                document.stamp(seq: seq, timestamp: .now)
                try await bench.store.messages.insert(document.document)
            }
            let released = try await bench.store.giveControl(of: conversation.id, to: nil, in: member)
            #expect(released.conversation.control.boundarySeq == 2)
        }
    }

    /// So many conversations at once that some of them are written a moment later.
    @Test func aListShowsWhatWasAcknowledgedBefore() async throws {
        try await Bench.with { bench in
            let count = FollowerPace.busyFrom + 10
            var ids: [UUID] = []
            for _ in 0..<count { ids.append(try await bench.conversation().id) }
            var (rested, round) = (0, 0)
            while round < 3 || rested == 0, round < 50 {
                round += 1
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in ids {
                        group.addTask { _ = try await bench.store.append(.text("hello"), to: id, in: bench.worker) }
                    }
                    try await group.waitForAll()
                }
                rested += bench.store.follower.behind
                let page = try await bench.store.list(.init(), PageRequest(limit: count), in: bench.worker)
                #expect(page.items.map(\.messageCount) == ids.map { _ in round })
            }
            #expect(rested > 0, "the test does not test anything")
        }
    }

    /// One of them writes what rests; the others find nothing at rest, and have to wait for it.
    @Test func listsAtOnceAllShowWhatWasAcknowledgedBefore() async throws {
        try await Bench.with { bench in
            let count = FollowerPace.busyFrom + 10
            var ids: [UUID] = []
            for _ in 0..<count { ids.append(try await bench.conversation().id) }
            var rested = 0
            for round in 1...6 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in ids {
                        group.addTask { _ = try await bench.store.append(.text("hello"), to: id, in: bench.worker) }
                    }
                    try await group.waitForAll()
                }
                rested += bench.store.follower.behind
                try await withThrowingTaskGroup(of: [Int].self) { group in
                    for _ in 0..<6 {
                        group.addTask {
                            try await bench.store.list(.init(), PageRequest(limit: count), in: bench.worker).items
                                .map(\.messageCount)
                        }
                    }
                    for try await shown in group { #expect(shown == ids.map { _ in round }) }
                }
            }
            #expect(rested > 0, "the test does not test anything")
        }
    }

    @Test func whatRestsIsThereAfterAnOrderlyEnd() async throws {
        try await Bench.with(stores: 2) { bench in
            var ids: [UUID] = []
            for _ in 0...FollowerPace.busyFrom { ids.append(try await bench.conversation().id) }
            for _ in 1...3 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in ids {
                        group.addTask { _ = try await bench.store.append(.text("hello"), to: id, in: bench.worker) }
                    }
                    try await group.waitForAll()
                }
            }
            await bench.stores[0].shutdown()
            let page = try await bench.stores[1].list(.init(), PageRequest(limit: 200), in: bench.worker)
            #expect(page.items.map(\.messageCount) == ids.map { _ in 3 })
        }
    }
}
