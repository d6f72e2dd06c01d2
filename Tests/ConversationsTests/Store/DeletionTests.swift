import Foundation
import Mongo
import Testing

@testable import Conversations
@testable import Tenancy

@Suite struct DeletionTests {
    func sweeper(_ bench: Bench, lifetime: Duration = .zero) -> ConversationSweeper {
        ConversationSweeper(bench.store, interval: .seconds(1), lifetime: lifetime, Bench.quiet)
    }

    func counts(_ bench: Bench) async throws -> [Int] {
        [try await bench.store.conversations.count(), try await bench.store.messages.count()]
    }

    func filled(_ bench: Bench, _ count: Int, customer: UUID? = nil) async throws -> Conversation {
        let conversation = try await bench.conversation(customer: customer)
        for number in 0..<count {
            _ = try await bench.store.append(.text("\(number)"), to: conversation.id, in: bench.worker)
        }
        return conversation
    }

    @Test func whatIsDeletedIsInvisibleAtOnceAndGoneAfterTheSweep() async throws {
        try await Bench.with(stores: 2) { bench in
            let kept = try await filled(bench, 2)
            let conversation = try await filled(bench, 3)
            _ = try await bench.stores[1].get(conversation.id, in: bench.member)
            try await bench.store.delete(conversation.id, in: bench.member)
            for store in bench.stores {
                for (name, call) in IsolationTests.calls {
                    await #expect(throws: NotFound.self, "\(name)") {
                        try await call(store, conversation.id, UUID(), bench.member)
                    }
                }
            }
            #expect(try await counts(bench) == [2, 2])
            #expect(try await sweeper(bench, lifetime: .seconds(60)).sweep() == 0, "the mark stays for a minute")
            #expect(try await sweeper(bench).sweep() == 1)
            #expect(try await counts(bench) == [1, 2])
            #expect(try await bench.all(kept.id).count == 2)
            #expect(bench.events.all.last?.change == .conversationDeleted)
        }
    }

    enum Death: CaseIterable { case afterMark, inMessages, afterMessages, lateMessage, inSweep }

    /// The process that deletes is killed at each point; another one's sweeper ends the work.
    @Test(arguments: Death.allCases)
    func aDeletionThatDiedHalfWayIsEnded(death: Death) async throws {
        try await Bench.with { bench in
            let conversation = try await filled(bench, 5)
            let key = ConversationKey(companyId: bench.company, conversationId: conversation.id)
            let mark: BSONDocument = [
                "$set": ["deletedAt": .date(Date()), "metadata.status": "deleted"]
            ]
            try await bench.store.conversations.update(one: ["_id": .uuid(conversation.id)], mark)
            var some = key.filter
            switch death {
            case .afterMark: break
            case .inMessages, .inSweep:
                some.append("seq", ["$lte": 2])
                try await bench.store.messages.delete(many: some)
            case .afterMessages: try await bench.store.messages.delete(many: some)
            case .lateMessage:
                // Inserted by a process that ended before it noticed the mark.
                try await bench.store.messages.delete(many: some)
                let message = Message(
                    .text("late"), sender: "x", companyId: bench.company, conversationId: conversation.id,
                    in: .only(UUID()))
                try await bench.store.messages.insert(MessageDocument(message.at(seq: 6, timestamp: .now)).document)
            }
            await #expect(throws: NotFound.self) { try await bench.store.get(conversation.id, in: bench.member) }
            #expect(try await sweeper(bench).sweep() == 1)
            #expect(try await counts(bench) == [0, 0])
            #expect(try await sweeper(bench).sweep() == 0)
        }
    }

    @Test func aDeletionDuringAppendsLeavesNoMessage() async throws {
        try await Bench.with(stores: 2) { bench in
            let scope = bench.member
            for _ in 0..<5 {
                let conversation = try await filled(bench, 1)
                _ = try await bench.stores[1].get(conversation.id, in: scope)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let store = bench.stores[number % 2]
                            do {
                                _ = try await store.append(.text("\(number)"), to: conversation.id, in: scope)
                            } catch is NotFound {}
                        }
                    }
                    group.addTask { try await bench.store.delete(conversation.id, in: scope) }
                    try await group.waitForAll()
                }
                await #expect(throws: NotFound.self) {
                    try await bench.store.append(.text("after"), to: conversation.id, in: scope)
                }
            }
            _ = try await sweeper(bench).sweep()
            #expect(try await counts(bench) == [0, 0])
        }
    }

    @Test func aCustomerGoesWithItsConversations() async throws {
        try await Bench.with { bench in
            let customer = UUID()
            _ = try await filled(bench, 2, customer: customer)
            _ = try await filled(bench, 2, customer: customer)
            let other = try await filled(bench, 1, customer: UUID())
            try await bench.store.removeCustomer(companyId: UUID(), customerId: customer)
            #expect(try await bench.store.list(in: bench.member).items.count == 3, "of that company alone")
            try await bench.store.removeCustomer(companyId: bench.company, customerId: customer)
            #expect(try await bench.store.list(in: bench.member).items.map(\.id) == [other.id])
            try await bench.store.removeCustomer(companyId: bench.company, customerId: customer)
            #expect(try await sweeper(bench).sweep() == 2)
            #expect(try await counts(bench) == [1, 1])
        }
    }

    @Test func aCompanyGoesAltogether() async throws {
        try await Bench.with { bench in
            _ = try await filled(bench, 2)
            _ = try await bench.store.thread(in: bench.member)
            let stranger = bench.member(UUID(), company: UUID())
            _ = try await bench.store.create(ConversationDraft(message: .text("stays")), in: stranger)
            try await bench.store.removeCompany(companyId: bench.company)
            try await bench.store.removeCompany(companyId: bench.company)
            #expect(try await bench.store.list(in: bench.member).items.isEmpty)
            #expect(try await sweeper(bench).sweep() == 2)
            #expect(try await counts(bench) == [1, 1])
            #expect(try await bench.store.list(in: stranger).items.count == 1)
        }
    }

    @Test func theSweeperFindsMarksByTheirIndex() async throws {
        try await Bench.with { bench in
            for _ in 0..<30 { _ = try await bench.conversation() }
            let gone = try await bench.conversation()
            try await bench.store.delete(gone.id, in: bench.member)
            let explained = try await bench.store.conversations.explain(
                find: ["deletedAt": ["$lte": .date(Date())]], limit: 200, hint: ConversationIndexes.tombstones)
            #expect(explained.document("executionStats")?.int("totalDocsExamined") == 1)
        }
    }
}
