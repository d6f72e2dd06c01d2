import Foundation
import Logging
import Synchronization

/// Runs blocking calls of libmongoc on a fixed set of own threads. Swift's cooperative threads only ever wait for a
/// continuation.
final class Engine: Sendable {
    let configuration: MongoConfiguration
    let queue: JobQueue
    private let pool: ClientPool
    private let watch = DeadlineWatch()
    private let life: Mutex<Life>

    private struct Life {
        var threads: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    init(_ configuration: MongoConfiguration) {
        self.configuration = configuration
        pool = ClientPool(configuration)
        queue = JobQueue(limit: configuration.queueLimit, leaseLimit: configuration.transactionLimit)
        life = Mutex(Life(threads: configuration.threads))
    }

    /// Starts the threads. They keep the engine alive until ``close()``.
    func start() {
        for index in 0..<configuration.threads { thread("mongo-\(index)") { self.work() } }
        thread("mongo-deadlines") { [watch] in watch.run() }
    }

    private func thread(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func work() {
        while let job = queue.next() {
            do {
                try pool.withClient { client in
                    job.run(in: WorkerContext(client: client, session: nil, deadline: job.deadline))
                }
            } catch {
                job.fail(error as? MongoError ?? MongoError(.connection, "\(error)"))
            }
            if job is Lease { queue.leaseEnded() }
        }
        threadEnded()
    }

    private func threadEnded() {
        let isLast = life.withLock { life in
            life.threads -= 1
            return life.threads == 0
        }
        guard isLast else { return }
        watch.stop()
        pool.destroy()
        let waiters = life.withLock { life in
            life.threads = -1
            defer { life.waiters = [] }
            return life.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Takes no new jobs; the threads end when those that wait are done. Does not block.
    func close() { queue.close(MongoError(.shutdown, "The MongoDB client has been shut down")) }

    /// Waits until all threads have ended and every connection is closed.
    func closed() async {
        await withCheckedContinuation { continuation in
            let isOver = life.withLock { life in
                if life.threads >= 0 { life.waiters.append(continuation) }
                return life.threads < 0
            }
            if isOver { continuation.resume() }
        }
    }

    /// Runs `body` on a worker thread, the session's own when there is one.
    ///
    /// - Throws: what `body` throws, or ``MongoError`` `queueFull`, `timeout`, `cancelled`, `outcomeUnknown`,
    ///   `shutdown`, `sessionEnded`, `connection`.
    func perform<Value: Sendable>(
        _ intent: Intent, timeout: Duration? = nil, session: MongoSession? = nil, isCancellable: Bool = true,
        _ body: @escaping @Sendable (WorkerContext) throws -> Value
    ) async throws -> Value {
        if let session, session.engine !== self {
            throw MongoError(.invalid, "The session belongs to another client")
        }
        let deadline = ContinuousClock.now + (timeout ?? configuration.operationTimeout)
        let ticket = Ticket(deadline: deadline, intent: intent, body)
        return try await wait(for: ticket, as: ticket, in: session?.lease.inbox ?? queue, isCancellable: isCancellable)
    }

    /// Pins a worker thread; returns when its session is there.
    func openLease() async throws -> Lease {
        let lease = Lease(
            deadline: .now + configuration.operationTimeout, lifetime: configuration.transactionTimeout)
        try await wait(for: lease.ticket, as: lease, in: queue, isLease: true)
        return lease
    }

    private func wait<Value>(
        for ticket: Ticket<Value>, as job: any Job, in queue: JobQueue, isLease: Bool = false,
        isCancellable: Bool = true
    ) async throws -> Value {
        defer { watch.remove(job) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                ticket.wait(continuation)
                watch.add(job, in: queue)
                if let refusal = queue.push(job, isLease: isLease) { job.fail(refusal) }
            }
        } onCancel: {
            guard isCancellable else { return }
            queue.remove(job)
            job.interrupt(.cancelled)
        }
    }
}
