import Foundation
import Testing

@testable import Conversations

/// A pace that `#expect` may change.
private final class Paced {
    private var pace = FollowerPace()

    var resting: [ConversationKey: Head] { pace.resting }
    func take(_ heads: [ConversationKey: Head], now: ContinuousClock.Instant) -> [ConversationKey: Head] {
        pace.take(heads, now: now)
    }
    func rest(_ heads: [ConversationKey: Head]) { pace.rest(heads) }
    func takeResting(of companyId: UUID? = nil) -> [ConversationKey: Head] { pace.takeResting(of: companyId) }
    func startTimer() -> Bool { pace.startTimer() }
    func stopTimer() -> Bool { pace.stopTimer() }
}

@Suite struct FollowerPaceTests {
    private let start = ContinuousClock.now + .seconds(1)

    private func heads(_ keys: some Sequence<ConversationKey>, _ seq: Int) -> [ConversationKey: Head] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, Head(seq: seq, timestamp: .distantPast)) })
    }

    private func keys(_ count: Int) -> [ConversationKey] {
        (0..<count).map { _ in ConversationKey(companyId: UUID(), conversationId: UUID()) }
    }

    @Test func aFewConversationsAreWrittenEveryTime() {
        let pace = Paced()
        let few = keys(FollowerPace.busyFrom - 1)
        for seq in 1...20 { #expect(pace.take(heads(few, seq), now: start) == heads(few, seq)) }
        #expect(pace.resting.isEmpty)
        #expect(!pace.startTimer())
    }

    @Test func ofManyThoseThatWereJustWrittenRestAndGoOnceWithTheirLastMessage() {
        let pace = Paced()
        let many = keys(FollowerPace.busyFrom)
        let new = keys(1)
        #expect(pace.take(heads(many, 1), now: start) == heads(many, 1))
        #expect(pace.take(heads(many, 3), now: start).isEmpty)
        #expect(pace.take(heads(many, 2), now: start).isEmpty)
        #expect(pace.take(heads(new, 1), now: start) == heads(new, 1), "one that was not written goes at once")
        #expect(pace.startTimer())
        #expect(!pace.startTimer(), "one timer is enough")
        #expect(pace.takeResting() == heads(many, 3))
        #expect(pace.takeResting().isEmpty)
        #expect(pace.stopTimer())
    }

    @Test func afterTheWindowTheyAreWrittenAtOnceAgain() {
        let pace = Paced()
        let many = keys(FollowerPace.busyFrom)
        _ = pace.take(heads(many, 1), now: start)
        #expect(pace.take(heads(many, 2), now: start + FollowerPace.window) == heads(many, 2))
    }

    /// An older head must not be written after a newer one was set to rest: it would be one write more for nothing.
    @Test func whatRestsGoesOnRestingInTheNextWindow() {
        let pace = Paced()
        let many = keys(FollowerPace.busyFrom)
        _ = pace.take(heads(many, 1), now: start)
        _ = pace.take(heads(many, 2), now: start)
        #expect(pace.take(heads(many, 3), now: start + FollowerPace.window).isEmpty)
        #expect(pace.takeResting() == heads(many, 3))
    }

    @Test func whatWaitsForMongoDBIsBoundedAndTheTimerGoesOn() {
        let pace = Paced()
        pace.rest(heads(keys(FollowerPace.capacity), 1))
        let (known, tooMany) = (pace.resting.first?.key, keys(5))
        pace.rest(heads(tooMany, 1))
        #expect(pace.resting.count == FollowerPace.capacity)
        if let known { pace.rest(heads([known], 7)) }
        #expect(known.flatMap { pace.resting[$0] }?.seq == 7, "one that is there already is kept up to date")
        #expect(pace.startTimer())
        #expect(!pace.stopTimer())
        _ = pace.takeResting()
        #expect(pace.stopTimer())
        #expect(!pace.startTimer())
    }

    @Test func oneCompanysListTakesNothingOfAnother() {
        let pace = Paced()
        let (own, others) = (UUID(), keys(3))
        let owns = (0..<2).map { _ in ConversationKey(companyId: own, conversationId: UUID()) }
        pace.rest(heads(owns + others, 4))
        #expect(pace.takeResting(of: own) == heads(owns, 4))
        #expect(pace.resting == heads(others, 4))
        #expect(pace.takeResting(of: own).isEmpty)
        #expect(pace.takeResting() == heads(others, 4))
    }
}
