import Testing

@testable import Mongo

@Suite struct JobQueueTests {
    private func job() -> Ticket<Int> { Ticket(deadline: .now + .seconds(60), intent: .read) { _ in 0 } }
    private var soon: ContinuousClock.Instant { .now + .milliseconds(1) }

    @Test("The queue has a limit, says so, and taking a job back makes room")
    func bound() {
        let queue = JobQueue(limit: 2)
        let (first, second, third) = (job(), job(), job())
        #expect(queue.push(first) == nil && queue.push(second) == nil)
        #expect(queue.push(third)?.code == .queueFull)
        #expect(queue.push(third)?.message.contains("2 operations") == true)
        queue.remove(first)
        #expect(queue.count == 1 && queue.push(third) == nil)
        #expect(queue.next() === second && queue.next() === third)
        #expect(queue.next(until: soon) == nil)
    }

    @Test("Leases beyond their limit wait aside and let plain work pass")
    func leases() {
        let queue = JobQueue(limit: 10, leaseLimit: 1)
        let (one, two, plain) = (job(), job(), job())
        _ = (queue.push(one, isLease: true), queue.push(two, isLease: true), queue.push(plain))
        #expect(queue.next() === one)
        #expect(queue.next() === plain)
        #expect(queue.next(until: soon) == nil)
        queue.leaseEnded()
        #expect(queue.next(until: soon) === two)
    }

    @Test("A closed queue refuses new jobs, gives out the old ones, then ends for every thread")
    func closing() {
        let queue = JobQueue(limit: 10)
        let old = job()
        _ = queue.push(old)
        queue.close(MongoError(.shutdown, "over"))
        #expect(queue.push(job())?.code == .shutdown)
        #expect(queue.next() === old)
        #expect(queue.next() == nil && queue.next() == nil)
    }
}
