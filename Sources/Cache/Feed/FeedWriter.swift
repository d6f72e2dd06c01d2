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
        var idleWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private struct Batch {
        var resyncs: [UUID] = []
        var events: [(company: UUID, event: FeedEvent)] = []
    }

    private static let batchSize = 256
    private static let maxOwed = 100_000

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
        let replies = try await client.send(batch: commands)
        for reply in replies { _ = try reply.get() }
        written.increment(by: batch.events.count)
    }

    static func command(_ company: UUID, _ event: FeedEvent) -> [RedisArgument] {
        ["XADD", .text(CacheKeys.feed(company)), .words(trimming)] + event.fields
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
