import Foundation
import Logging
import Metrics
import NIOCore
import Redis
import Synchronization

/// The way of events into Redis: a bounded queue, and a task that empties it in batches while there is something.
final class FeedWriter: Sendable {
    private struct State {
        var queue = CircularBuffer<(company: UUID, event: FeedEvent)>()
        var bytes = 0
        /// Companies that lost an event and are owed a `resync`.
        var owed: Set<UUID> = []
        var isWriting = false
        /// When feeds were last given their time, by company.
        var renewed = BoundedTable<UUID, ContinuousClock.Instant>(limit: 10_000)
        var idleWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private struct Batch {
        var resyncs: [UUID] = []
        var events: [(company: UUID, event: FeedEvent)] = []
    }

    private static let batchSize = 256
    private static let maxOwed = 100_000
    /// How often a feed that is written to is given its time anew.
    private static let renewal = Duration.seconds(60)

    private let client: RedisClient
    private let logger: Logger
    private let maxEvents: Int
    private let maxBytes: Int
    private let state = Mutex(State())
    private let written = Counter(label: "switchboard_feed_events_total", dimensions: [("outcome", "written")])
    private let dropped = Counter(label: "switchboard_feed_events_total", dimensions: [("outcome", "dropped")])

    init(client: RedisClient, logger: Logger, maxEvents: Int, maxBytes: Int) {
        self.client = client
        self.logger = logger
        self.maxEvents = maxEvents
        self.maxBytes = maxBytes
    }

    func publish(_ event: FeedEvent, company: UUID) {
        let (isDropped, startsWriting) = state.withLock { state in
            let isFull = state.queue.count >= maxEvents || state.bytes + event.size > maxBytes
            if isFull {
                Self.owe(company, &state)
            } else {
                state.queue.append((company, event))
                state.bytes += event.size
            }
            defer { state.isWriting = true }
            return (isFull, !state.isWriting)
        }
        if isDropped { dropped.increment() }
        // Ends by itself as soon as the queue is empty.
        if startsWriting { Task { await self.write() } }
    }

    /// Returns when nothing is queued and nothing owed; at once when cancelled.
    func flush() async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if !state.isWriting || Task.isCancelled { return true }
                    state.idleWaiters[number] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.idleWaiters.removeValue(forKey: number) }?.resume()
        }
    }

    private func write() async {
        var backoff = Backoff(longest: .milliseconds(250))
        var isAway = false
        while let batch = takeBatch() {
            do {
                try await send(batch)
                backoff.reset()
                isAway = false
            } catch {
                // Whether they are in the stream is not known, and events must not be there twice.
                giveUp(batch)
                if !isAway {
                    logger.warning("The feed cannot be written; events are dropped", metadata: ["reason": "\(error)"])
                }
                isAway = true
                if case RedisError.shutDown = error { return stop() }
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    private func send(_ batch: Batch) async throws {
        var commands = batch.resyncs.map { Self.command($0, .resync) }
        commands += batch.events.map { Self.command($0.company, $0.event) }
        commands += due(batch.resyncs + batch.events.map(\.company)).map(Self.renew)
        let replies = try await client.send(batch: commands)
        for reply in replies { _ = try reply.get() }
        written.increment(by: batch.events.count)
    }

    /// The companies whose feeds are to be given their time again.
    private func due(_ companies: [UUID]) -> [UUID] {
        let now = ContinuousClock.now
        return state.withLock { state in
            var due: [UUID] = []
            for company in Set(companies) {
                if let last = state.renewed.value(company), now - last < Self.renewal { continue }
                state.renewed.set(now, for: company)
                due.append(company)
            }
            return due
        }
    }

    /// Puts an event on a feed. One of many bytes makes room for itself, so that no company's feed takes much more than
    /// ``EventFeed/streamBytes``, whatever its messages are like.
    static func command(_ company: UUID, _ event: FeedEvent) -> [RedisArgument] {
        let length = EventFeed.streamBytes / max(event.size, 1)
        guard length < EventFeed.streamLength else {
            return ["XADD", .text(CacheKeys.feed(company)), .words(trimming)] + event.fields
        }
        return ["XADD", .text(CacheKeys.feed(company)), "MAXLEN", "~", .integer(max(length, 1)), "*"] + event.fields
    }

    /// Gives a feed its time. What has one may be evicted when Redis is full, the one that was used longest ago first.
    static func renew(_ company: UUID) -> [RedisArgument] {
        ["EXPIRE", .text(CacheKeys.feed(company)), .integer(EventFeed.lifetimeInSeconds)]
    }

    private static let trimming = RedisWords(["MAXLEN", "~", .integer(EventFeed.streamLength), "*"])

    private func takeBatch() -> Batch? {
        let (batch, waiters) = state.withLock { state -> (Batch?, [CheckedContinuation<Void, Never>]) in
            var batch = Batch()
            batch.resyncs = Array(state.owed.prefix(Self.batchSize))
            state.owed.subtract(batch.resyncs)
            while batch.events.count < Self.batchSize, let next = state.queue.popFirst() {
                state.bytes -= next.event.size
                batch.events.append(next)
            }
            guard batch.resyncs.isEmpty && batch.events.isEmpty else { return (batch, []) }
            state.isWriting = false
            defer { state.idleWaiters = [:] }
            return (nil, Array(state.idleWaiters.values))
        }
        for waiter in waiters { waiter.resume() }
        return batch
    }

    /// Everything that waits is dropped, too: it would come late and after a `resync` that covers it.
    private func giveUp(_ batch: Batch) {
        let count = state.withLock { state in
            let lost = batch.events + state.queue
            for company in batch.resyncs { Self.owe(company, &state) }
            for event in lost { Self.owe(event.company, &state) }
            state.queue.removeAll()
            state.bytes = 0
            return lost.count
        }
        dropped.increment(by: count)
    }

    private func stop() {
        let waiters = state.withLock { state in
            state.isWriting = false
            defer { state.idleWaiters = [:] }
            return Array(state.idleWaiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    private static func owe(_ company: UUID, _ state: inout State) {
        if state.owed.count < maxOwed { state.owed.insert(company) }
    }
}
