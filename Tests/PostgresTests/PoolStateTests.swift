import Testing

@testable import Postgres

/// The pool's bookkeeping, with a clock that the tests move.
@Suite struct PoolStateTests {
    let start = ContinuousClock.now

    func pool(_ capacity: Int, queue: Int = 10) -> PoolState {
        PoolState(capacity: capacity, queueLimit: queue, waitTimeout: .seconds(5))
    }

    func wait(_ lease: PoolState.Lease) -> PoolState.WaiterID? {
        if case .wait(let id, _) = lease { id } else { nil }
    }

    @Test func lendsUpToItsCapacityAndThenQueues() {
        var pool = pool(2)
        #expect(pool.lease(now: start) == .granted(0))
        #expect(pool.lease(now: start) == .granted(1))
        #expect(wait(pool.lease(now: start)) != nil)
        #expect(pool.leasedCount == 2 && pool.waitingCount == 1)
    }

    @Test func opensNoSecondConnectionWhileTheFirstIsFree() {
        var pool = pool(2)
        for _ in 0..<5 {
            #expect(pool.lease(now: start) == .granted(0))
            #expect(pool.release(0, connected: true) == .kept)
        }
    }

    @Test func whoCameFirstIsServedFirst() {
        var pool = pool(1)
        _ = pool.lease(now: start)
        let waiters = (0..<3).compactMap { _ in wait(pool.lease(now: start)) }
        for waiter in waiters { #expect(pool.release(0, connected: true) == .hand(0, to: waiter)) }
        #expect(pool.release(0, connected: true) == .kept)
    }

    @Test func aFullQueueRefuses() {
        var pool = pool(1, queue: 1)
        _ = pool.lease(now: start)
        #expect(wait(pool.lease(now: start)) != nil)
        #expect(pool.lease(now: start) == .refused(.queueFull))
    }

    @Test func waitersExpireInOrderAndOthersStay() {
        var pool = pool(1)
        _ = pool.lease(now: start)
        let first = wait(pool.lease(now: start))
        let second = wait(pool.lease(now: start + .seconds(1)))
        #expect(pool.expire(now: start + .milliseconds(4999)).expired.isEmpty)
        let late = pool.expire(now: start + .seconds(5))
        #expect(late.expired == [first])
        #expect(late.next == start + .seconds(6))
        #expect(pool.expire(now: start + .seconds(6)).expired == [second])
        #expect(pool.release(0, connected: true) == .kept)
    }

    @Test func whoCancelledGetsNothing() throws {
        var pool = pool(1)
        _ = pool.lease(now: start)
        let first = try #require(wait(pool.lease(now: start)))
        let second = try #require(wait(pool.lease(now: start)))
        let cancelled = (pool.cancel(first), pool.cancel(first))
        #expect(cancelled == (true, false))
        #expect(pool.release(0, connected: true) == .hand(0, to: second))
        let late = pool.cancel(second)
        #expect(!late, "it has the connection already")
    }

    @Test func aPlaceWithoutConnectionIsUsedLast() {
        var pool = pool(2)
        _ = (pool.lease(now: start), pool.lease(now: start))
        _ = (pool.release(0, connected: true), pool.release(1, connected: false))
        #expect(pool.lease(now: start) == .granted(0))
        #expect(pool.lease(now: start) == .granted(1))
    }

    @Test func shutDownRefusesAndWaitsForWhatIsLent() throws {
        var pool = pool(1)
        _ = pool.lease(now: start)
        let waiter = try #require(wait(pool.lease(now: start)))
        #expect(pool.shutDown() == [waiter])
        #expect(!pool.isDrained)
        #expect(pool.lease(now: start) == .refused(.shutDown))
        #expect(pool.release(0, connected: true) == .drained)
        #expect(pool.isDrained)
    }

    /// Whatever happens in whatever order: no connection is lent twice, and nobody waits while one is free.
    @Test(arguments: 0..<20) func neverLendsTwice(seed: UInt64) {
        var random = SplitMix(state: seed)
        var pool = pool(3, queue: 4)
        var held: Set<PoolState.Slot> = []
        var waiting: Set<PoolState.WaiterID> = []
        for step in 0..<2000 {
            let now = start + .milliseconds(step * 200)
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                switch pool.lease(now: now) {
                case .granted(let slot): #expect(held.insert(slot).inserted)
                case .wait(let id, _): waiting.insert(id)
                case .refused(let refusal): #expect(refusal == .queueFull && waiting.count == 4)
                }
            case 2:
                guard let slot = held.randomElement(using: &random) else { continue }
                switch pool.release(slot, connected: .random(using: &random)) {
                case .hand(let other, let id): #expect(other == slot && waiting.remove(id) != nil)
                case .kept: #expect(waiting.isEmpty && held.remove(slot) != nil)
                case .drained: Issue.record("not shut down")
                }
            case 3:
                guard let id = waiting.randomElement(using: &random) else { continue }
                let wasWaiting = pool.cancel(id)
                #expect(wasWaiting)
                waiting.remove(id)
            default: waiting.subtract(pool.expire(now: now).expired)
            }
            #expect(pool.leasedCount == held.count && pool.waitingCount == waiting.count)
            #expect(waiting.isEmpty || held.count == 3)
        }
    }
}

/// Random numbers that a test can repeat.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
