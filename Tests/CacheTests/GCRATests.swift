import Testing

@testable import Cache

@Suite struct GCRATests {
    let second: Int64 = 1_000_000

    @Test func `a burst gets through, then one request for each interval`() {
        let gcra = GCRA(RateLimit(limit: 60, window: .seconds(60), burst: 3))
        var arrival: Int64?
        var allowed: [Bool] = []
        for _ in 0..<5 {
            let decision = gcra.decide(arrival: arrival, now: 0)
            arrival = decision.arrival
            allowed.append(decision.isAllowed)
        }
        #expect(allowed == [true, true, true, false, false])
        #expect(!gcra.decide(arrival: arrival, now: second - 1).isAllowed)
        #expect(gcra.decide(arrival: arrival, now: second).isAllowed)
    }

    @Test func `remaining, reset and wait are exact`() {
        let gcra = GCRA(RateLimit(limit: 10, window: .seconds(10), burst: 2))
        let first = gcra.decide(arrival: nil, now: 5 * second)
        #expect(first.remaining == 1 && first.reset == second && first.retryAfter == 0)
        let second = gcra.decide(arrival: first.arrival, now: 5 * self.second)
        #expect(second.remaining == 0 && second.reset == 2 * self.second && second.retryAfter == self.second)
        let third = gcra.decide(arrival: second.arrival, now: 5 * self.second + 1)
        #expect(!third.isAllowed && third.arrival == second.arrival && third.retryAfter == self.second - 1)
    }

    @Test func `never more than the limit in any window, over a long run`() {
        let limit = RateLimit(limit: 7, window: .seconds(1), burst: 1)
        let gcra = GCRA(limit)
        var arrival: Int64?
        var times: [Int64] = []
        for now in stride(from: Int64(0), to: 20 * second, by: 1_003) {
            let decision = gcra.decide(arrival: arrival, now: now)
            arrival = decision.arrival
            if decision.isAllowed { times.append(now) }
        }
        #expect(times.count > 130)
        for (index, time) in times.enumerated() where index >= 7 { #expect(time - times[index - 7] >= second) }
    }

    @Test func `a clock that was set back does not lock out for longer than the burst`() {
        let gcra = GCRA(RateLimit(limit: 10, window: .seconds(10), burst: 2))
        let decision = gcra.decide(arrival: 3_600 * second, now: 0)
        #expect(!decision.isAllowed && decision.retryAfter == second)
    }

    @Test func `looking does not charge`() {
        let gcra = GCRA(RateLimit(limit: 10, window: .seconds(10), burst: 2))
        let look = gcra.decide(arrival: nil, now: 0, isCharged: false)
        #expect(look.isAllowed && look.remaining == 2 && look.arrival == 0)
    }

    @Test(arguments: [(0, 0, 0), (.max, .max, .max), (-5, -5, -5), (1, 86_400, 1_000_000)])
    func `absurd figures are brought into range`(limit: Int, seconds: Int, burst: Int) {
        let gcra = GCRA(RateLimit(limit: limit, window: .seconds(min(seconds, 1 << 40)), burst: burst))
        #expect(gcra.interval >= 1 && gcra.tolerance >= gcra.interval)
        // Sums with the time of day must stay whole numbers in Lua's doubles.
        #expect(gcra.tolerance + 2_000_000_000 * second < 1 << 53)
        #expect(gcra.decide(arrival: nil, now: 0).isAllowed)
    }
}
