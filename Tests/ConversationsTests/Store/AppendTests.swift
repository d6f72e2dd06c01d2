import Foundation
import Mongo
import Synchronization
import Testing

@testable import Conversations
@testable import Tenancy

@Suite struct AppendTests {
    /// Two processes, twenty writers whose ids collide, and a reader that must never see n + 1 without n.
    @Test func collidingWritersOfTwoProcessesLeaveNoHoleAndNoDouble() async throws {
        try await Bench.with(stores: 2) { bench in
            let conversation = try await bench.conversation()
            let sender = bench.member
            let each = 25
            let isOver = Mutex(false)
            async let reading = Self.watch(bench, conversation.id) { isOver.withLock { $0 } }
            let appended = try await withThrowingTaskGroup(of: [(String?, Appended)].self) { group in
                for writer in 0..<20 {
                    group.addTask {
                        var results: [(String?, Appended)] = []
                        for number in 0..<each {
                            // Two writers of each four send the same ids; a third sends none; the fourth its own.
                            let client: String? =
                                switch writer % 4 {
                                case 0, 1: "\(writer / 4)-\(number)"
                                case 2: nil
                                default: "own-\(writer)-\(number)"
                                }
                            let draft = MessageDraft.text("\(writer).\(number)", client: client)
                            let store = bench.stores[(writer / 2) % 2]
                            results.append((client, try await store.append(draft, to: conversation.id, in: sender)))
                        }
                        return results
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            isOver.withLock { $0 = true }
            let looks = try await reading
            #expect(looks > 0)

            let messages = try await bench.all(conversation.id)
            #expect(messages.map(\.seq) == Array(1...15 * each))
            #expect(Set(messages.map(\.id)).count == messages.count)
            let ids = messages.compactMap(\.clientMessageId)
            #expect(Set(ids).count == ids.count)
            #expect(
                zip(messages, messages.dropFirst()).allSatisfy { $0.timestamp <= $1.timestamp.addingTimeInterval(1) })
            let stored = Dictionary(uniqueKeysWithValues: messages.map { ($0.id, $0) })
            for (_, result) in appended { #expect(stored[result.message.id] == result.message) }
            #expect(appended.count { $0.1.replayed } == 5 * each)
            for (_, sends) in Dictionary(grouping: appended.filter { $0.0 != nil }, by: { $0.0 }) {
                #expect(Set(sends.map(\.1.message)).count == 1)
                #expect(sends.count { !$0.1.replayed } == 1)
            }
            let details = try await bench.store.get(conversation.id, in: sender)
            #expect(details.conversation.messageCount == messages.count)
            #expect(details.lastMessage == messages.last)
            // Each stored message was told once, by whichever process.
            #expect(bench.events.appended.map(\.seq).sorted() == messages.map(\.seq))
        }
    }

    static func watch(_ bench: Bench, _ id: UUID, until isOver: @Sendable () -> Bool) async throws -> Int {
        let reader = ReaderOfSeqs(
            messages: bench.stores[1].messages, key: .init(companyId: bench.company, conversationId: id))
        while !isOver() { try await reader.look() }
        try await reader.look()
        return reader.looks.withLock { $0 }
    }

    @Test func manyConversationsShareBatches() async throws {
        try await Bench.with { bench in
            var ids: [UUID] = []
            for _ in 0..<5 { ids.append(try await bench.conversation().id) }
            let scope = bench.member
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    let id = ids[number % 5]
                    group.addTask { _ = try await bench.store.append(.text("\(number)"), to: id, in: scope) }
                }
                try await group.waitForAll()
            }
            for id in ids { #expect(try await bench.all(id).map(\.seq) == Array(1...60)) }
        }
    }

    @Test func aRepeatReturnsTheFirstMessageWhateverItSays() async throws {
        try await Bench.with(stores: 2) { bench in
            let conversation = try await bench.conversation()
            let scope = bench.member
            let first = try await bench.store.append(.text("one", client: "a"), to: conversation.id, in: scope)
            #expect(!first.replayed)
            for store in bench.stores {
                let again = try await store.append(.text("other", client: "a"), to: conversation.id, in: scope)
                #expect(again == Appended(message: first.message, replayed: true))
            }
            let id = UUID.v7()
            let byId = try await bench.store.append(.text("by id", id: id), to: conversation.id, in: scope)
            #expect(byId.message.id == id)
            #expect(byId.message.seq == 2)
            let again = try await bench.stores[1].append(.text("by id", id: id), to: conversation.id, in: scope)
            #expect(again == Appended(message: byId.message, replayed: true))
        }
    }

    @Test func aClientsIdIsItsOwn() async throws {
        try await Bench.with { bench in
            let conversation = try await bench.conversation()
            let elsewhere = try await bench.conversation()
            let one = try await bench.store.append(.text("a", client: "x"), to: conversation.id, in: bench.member)
            let two = try await bench.store.append(.text("b", client: "x"), to: conversation.id, in: bench.member)
            let three = try await bench.store.append(.text("c", client: "x"), to: elsewhere.id, in: bench.member)
            #expect([one, two, three].allSatisfy { !$0.replayed })
            #expect([one, two, three].map(\.message.seq) == [1, 2, 1])
        }
    }

    @Test func allOfAMessageComesBack() async throws {
        try await Bench.with { bench in
            let conversation = try await bench.conversation()
            let draft = MessageDraft(
                role: .agent, content: "Größe \u{1F600}", agentName: "sales", clientMessageId: "c",
                reasoning: ["steps": [1, 2.5, nil, true, "x"]], functionCalls: [["$where": "x", "a.b": ["": 1]]],
                functionOutputs: "text", metadata: ["confidence": 0.5, "$set": ["a": 1], "big": 9_007_199_254_740_993],
                inReplyTo: UUID(), turnId: UUID(), routing: ["state": "pending"])
            let sent = try await bench.store.append(draft, to: conversation.id, in: bench.worker).message
            #expect(sent.sender == "agent:sales")
            let read = try await bench.store.message(sent.id, of: conversation.id, in: bench.member)
            #expect(read == sent)
            #expect(read.encodedString == sent.encodedString)
            #expect(read.functionCalls == draft.functionCalls)
            #expect(read.metadata == draft.metadata)
            #expect(read.routing == draft.routing)
        }
    }

    @Test func whatIsTooLargeIsRefusedAndTakesNoNumber() async throws {
        try await Bench.with { bench in
            let conversation = try await bench.conversation()
            let long = String(repeating: "x", count: MessageDraft.maximumContentBytes + 1)
            await #expect(throws: InvalidFields.self) {
                try await bench.store.append(.text(long), to: conversation.id, in: bench.member)
            }
            await #expect(throws: InvalidFields.self) {
                try await bench.store.append(.text("", client: ""), to: conversation.id, in: bench.member)
            }
            let huge = MessageDraft(
                role: .user, content: "", metadata: ["x": .string(String(repeating: "x", count: 5 << 20))])
            await #expect(throws: InvalidFields.self) {
                try await bench.store.append(huge, to: conversation.id, in: bench.member)
            }
            let next = try await bench.store.append(
                .text(String(long.dropLast())), to: conversation.id, in: bench.member)
            #expect(next.message.seq == 1)
        }
    }

    @Test func aFullQueueSaysWhichLimitWasHit() async throws {
        var configuration = ConversationConfiguration()
        configuration.waitingMessages = 5
        try await Bench.with(configuration: configuration) { bench in
            let conversation = try await bench.conversation()
            let scope = bench.member
            let outcomes = await withTaskGroup(of: Bool?.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            _ = try await bench.store.append(.text("\(number)"), to: conversation.id, in: scope)
                            return true
                        } catch let error as Overloaded {
                            return error.what == "5 messages are waiting" ? false : nil
                        } catch {
                            return nil
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0 != nil })
            #expect(outcomes.contains(false))
            let stored = try await bench.all(conversation.id)
            #expect(stored.map(\.seq) == Array(1...outcomes.count { $0 == true }))
        }
    }

    @Test func aConversationThatAnotherProcessDeletedIsNotFound() async throws {
        try await Bench.with(stores: 2) { bench in
            let conversation = try await bench.conversation()
            let scope = bench.member
            _ = try await bench.stores[1].append(.text("known here"), to: conversation.id, in: scope)
            try await bench.store.delete(conversation.id, in: scope)
            await #expect(throws: NotFound("conversation")) {
                try await bench.stores[1].append(.text("late"), to: conversation.id, in: scope)
            }
            #expect(try await bench.stores[1].messages.count() == 0)
        }
    }

    @Test func metadataOfManyWritersEndsAtTheLastMessage() async throws {
        try await Bench.with(stores: 2) { bench in
            let conversation = try await bench.conversation()
            let scope = bench.member
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    let store = bench.stores[number % 2]
                    group.addTask { _ = try await store.append(.text("\(number)"), to: conversation.id, in: scope) }
                }
                try await group.waitForAll()
            }
            let page = try await bench.store.list(in: scope)
            #expect(page.items.map(\.messageCount) == [100])
            let last = try #require(try await bench.all(conversation.id).map(\.timestamp).max())
            #expect(page.items.first?.lastMessageAt == last)
        }
    }
}

/// Reads all of a conversation again and again and looks for holes.
final class ReaderOfSeqs: Sendable {
    let messages: MongoCollection
    let key: ConversationKey
    let looks = Mutex(0)

    init(messages: MongoCollection, key: ConversationKey) {
        self.messages = messages
        self.key = key
    }

    func look() async throws {
        let found = try await messages.find(
            key.filter, sort: ["seq": 1], limit: 100_000, projection: ["_id": 0, "seq": 1])
        let seqs = found.compactMap { $0.int("seq") }
        #expect(seqs == Array(1..<seqs.count + 1))
        looks.withLock { $0 += 1 }
    }
}
