import Foundation
import Testing

@testable import Conversations

@Suite struct AppendPlannerTests {
    let key = ConversationKey(companyId: UUID(), conversationId: UUID())
    let other = ConversationKey(companyId: UUID(), conversationId: UUID())

    func entry(_ ticket: UInt64, bytes: Int = 100, idempotent: Bool = false) -> AppendBatch.Entry {
        AppendBatch.Entry(ticket: ticket, bytes: bytes, isIdempotent: idempotent)
    }

    func planner(_ limits: AppendPlanner.Limits = .init(), head: Int? = 0) -> AppendPlanner {
        var planner = AppendPlanner(limits: limits)
        if let head { planner.learn(Head(seq: head, timestamp: .distantPast), for: key) }
        return planner
    }

    func next(_ planner: inout AppendPlanner) throws -> AppendBatch {
        let batch = planner.nextBatch()
        return try #require(batch)
    }

    func isIdle(_ planner: inout AppendPlanner) -> Bool { planner.nextBatch() == nil }

    @Test func whatGathersGoesTogetherInOrder() throws {
        var planner = planner()
        for ticket in 1...5 { try planner.enqueue(entry(UInt64(ticket)), to: key) }
        try planner.enqueue(entry(6), to: other)
        let batch = try next(&planner)
        #expect(batch.kind == .mixed)
        #expect(batch.runs.map { $0.entries.map(\.ticket) } == [[1, 2, 3, 4, 5], [6]])
        #expect(batch.runs[0].head?.seq == 0)
        #expect(batch.runs[1].head == nil)
    }

    @Test func aConversationIsInOneBatchAtATime() throws {
        var planner = planner()
        try planner.enqueue(entry(1), to: key)
        let first = try next(&planner)
        try planner.enqueue(entry(2), to: key)
        #expect(isIdle(&planner))
        let settlement = planner.finish(first, outcomes: [[.inserted]])
        #expect(settlement.acknowledged.map(\.seq) == [1])
        let second = try next(&planner)
        #expect(second.runs[0].head?.seq == 1)
        #expect(second.runs[0].entries.map(\.ticket) == [2])
    }

    @Test func aBatchIsCutAtTheLimits() throws {
        var limits = AppendPlanner.Limits()
        limits.batchMessages = 3
        limits.batchBytes = 250
        var planner = planner(limits)
        for ticket in 1...4 { try planner.enqueue(entry(UInt64(ticket), bytes: 100), to: key) }
        try planner.enqueue(entry(5, bytes: 1000), to: other)
        let first = try next(&planner)
        #expect(first.runs.map { $0.entries.map(\.ticket) } == [[1, 2]])
        let large = try next(&planner)
        #expect(large.runs.map { $0.entries.map(\.ticket) } == [[5]], "one that is larger than a batch goes alone")
        #expect(isIdle(&planner))
    }

    @Test func inAMixedBulkAnIdempotentMessageIsTheLastOfItsRun() throws {
        var planner = planner()
        try planner.enqueue(entry(1), to: key)
        try planner.enqueue(entry(2, idempotent: true), to: key)
        try planner.enqueue(entry(3), to: key)
        let batch = try next(&planner)
        #expect(batch.kind == .mixed)
        #expect(batch.runs[0].entries.map(\.ticket) == [1, 2])
        let settlement = planner.finish(batch, outcomes: [[.inserted, .duplicate]])
        #expect(settlement.duplicates == [2])
        let next = try next(&planner)
        #expect(next.runs[0].head?.seq == 1, "the repeat took no number")
        #expect(next.runs[0].entries.map(\.ticket) == [3])
    }

    @Test func severalIdempotentMessagesGetAnOrderedBulkOfTheirOwn() throws {
        var planner = planner()
        for ticket in 1...4 { try planner.enqueue(entry(UInt64(ticket), idempotent: true), to: key) }
        try planner.enqueue(entry(9), to: other)
        let batch = try next(&planner)
        #expect(batch.kind == .ordered)
        #expect(batch.runs.map(\.key) == [key])
        let settlement = planner.finish(batch, outcomes: [[.inserted, .duplicate, .notTried, .notTried]])
        #expect(settlement.acknowledged.map(\.ticket) == [1])
        #expect(settlement.backoffs.isEmpty)
        let mixed = try next(&planner)
        #expect(mixed.runs.map(\.key) == [other, key])
        #expect(mixed.runs[1].entries.map(\.ticket) == [3])
        #expect(mixed.runs[1].head?.seq == 1)
    }

    @Test func aLostRaceRestsReadsTheHeadAgainAndKeepsItsPlace() throws {
        var planner = planner(head: 4)
        for ticket in 1...2 { try planner.enqueue(entry(UInt64(ticket)), to: key) }
        let batch = try next(&planner)
        try planner.enqueue(entry(3), to: key)
        let settlement = planner.finish(batch, outcomes: [[.seqTaken, .seqTaken]])
        #expect(settlement.backoffs.map(\.losses) == [1])
        #expect(isIdle(&planner))
        planner.resume(key)
        let again = try next(&planner)
        #expect(again.runs[0].head == nil)
        #expect(again.runs[0].entries.map(\.ticket) == [1, 2, 3])
    }

    @Test func aSeqTakenBelowAnInsertedOneNeedsNoRead() throws {
        var planner = planner(head: 4)
        for ticket in 1...3 { try planner.enqueue(entry(UInt64(ticket)), to: key) }
        let batch = try next(&planner)
        let settlement = planner.finish(batch, outcomes: [[.seqTaken, .inserted, .inserted]])
        #expect(settlement.acknowledged.map(\.seq) == [6, 7])
        planner.resume(key)
        let again = try next(&planner)
        #expect(again.runs[0].head?.seq == 7)
    }

    @Test func racesAreBounded() throws {
        var limits = AppendPlanner.Limits()
        limits.conflicts = 3
        var planner = planner(limits)
        try planner.enqueue(entry(1), to: key)
        for round in 1...3 {
            let batch = try next(&planner)
            let settlement = planner.finish(batch, outcomes: [[.seqTaken]])
            #expect(settlement.failed.count == (round == 3 ? 1 : 0))
            planner.resume(key)
        }
        #expect(isIdle(&planner))
        #expect(planner.waitingMessages == 0)
        #expect(planner.waitingBytes == 0)
    }

    @Test func anUncertainOutcomeForgetsTheHead() throws {
        var planner = planner(head: 7)
        for ticket in 1...2 { try planner.enqueue(entry(UInt64(ticket)), to: key) }
        var batch = try next(&planner)
        batch.runs[0].isUncertain = true
        let settlement = planner.finish(batch, outcomes: [[.inserted, .lost]])
        #expect(settlement.acknowledged.map(\.seq) == [8])
        #expect(settlement.failed.map(\.error) == [.outcomeUnknown])
        try planner.enqueue(entry(3), to: key)
        let batch3 = try next(&planner)
        #expect(batch3.runs[0].head == nil)
    }

    @Test func theQueueIsBoundedInMessagesAndBytes() throws {
        var limits = AppendPlanner.Limits()
        limits.waitingMessages = 2
        limits.waitingBytes = 1000
        var planner = planner(limits)
        #expect(throws: AppendFailure.self) { try planner.enqueue(entry(1, bytes: 1001), to: key) }
        try planner.enqueue(entry(1), to: key)
        _ = planner.nextBatch()
        try planner.enqueue(entry(2), to: key)
        #expect(throws: AppendFailure.overloaded("2 messages are waiting")) {
            try planner.enqueue(entry(3), to: other)
        }
    }

    @Test func whatWaitsCanBeTakenOutWhatIsOnItsWayCannot() throws {
        var planner = planner()
        try planner.enqueue(entry(1), to: key)
        let batch = try next(&planner)
        try planner.enqueue(entry(2, idempotent: true), to: key)
        try planner.enqueue(entry(3), to: other)
        let removed = planner.remove { _, _ in true }
        #expect(Set(removed) == [2, 3])
        #expect(isIdle(&planner))
        #expect(planner.waitingMessages == 1)
        _ = planner.finish(batch, outcomes: [[.inserted]])
        #expect(planner.waitingMessages == 0)
        #expect(isIdle(&planner))
    }

    @Test func headsAreBounded() {
        var cache = RecentCache<Int, Int>(capacity: 100)
        for number in 0..<10_000 {
            cache.insert(number, for: number)
            let first = cache.value(for: 0)
            #expect(first == 0, "what is used stays")
            #expect(cache.count <= 101)
        }
        for number in 9_960..<10_000 {
            let value = cache.value(for: number)
            #expect(value == number)
        }
    }
}
