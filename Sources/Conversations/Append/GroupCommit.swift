import Foundation
import Logging
import Mongo
import Synchronization

/// Gathers messages of concurrent requests and stores them together: while a batch is on its way, later arrivals
/// gather; the next free worker takes them all.
///
/// The planning is ``AppendPlanner``'s, the talking to MongoDB ``BatchWriter``'s; here are the callers who wait. Workers
/// are tasks that start when there is work and end when there is none, at most ``ConversationConfiguration/workers`` at
/// a time. A caller who is cancelled waits on: its message is on its way, and the wait is bounded anyway.
final class GroupCommit: Sendable {
    private struct Waiting {
        let request: AppendRequest
        let deadline: Duration
        /// Nil once the caller gave up while the message was on its way.
        var continuation: Caller?
    }

    // Resumed once, by whoever takes it out of `waiting`. A checked one costs an allocation for every message.
    private typealias Caller = UnsafeContinuation<AppendResult, any Error>

    private struct State {
        var planner: AppendPlanner
        var waiting: [UInt64: Waiting] = [:]
        var nextTicket: UInt64 = 0
        var workers = 0
        var isTicking = false
        var isClosed = false
    }

    private let state: Mutex<State>
    private let writer: BatchWriter
    private let configuration: ConversationConfiguration
    private let start = ContinuousClock.now
    private let metrics = AppendMetrics()
    private let onStored: @Sendable (Audience, [StoredMessage]) -> Void
    private let onVanished: @Sendable (ConversationKey) -> Void

    init(
        writer: BatchWriter, configuration: ConversationConfiguration,
        onStored: @escaping @Sendable (Audience, [StoredMessage]) -> Void,
        onVanished: @escaping @Sendable (ConversationKey) -> Void
    ) {
        state = Mutex(State(planner: AppendPlanner(limits: configuration.plannerLimits)))
        self.writer = writer
        self.configuration = configuration
        self.onStored = onStored
        self.onVanished = onVanished
    }

    private var now: Duration { ContinuousClock.now - start }

    // MARK: Callers

    /// Stores a message; returns when it is durable or known to be a repeat.
    nonisolated(nonsending) func append(_ request: AppendRequest) async throws -> AppendResult {
        try await withUnsafeThrowingContinuation { (continuation: Caller) in
            let deadline = now + configuration.waitingTime
            let refusal = state.withLock { state -> AppendFailure? in
                if state.isClosed { return .unavailable("the server is shutting down") }
                let ticket = state.nextTicket
                let entry = AppendBatch.Entry(
                    ticket: ticket, bytes: request.document.size, isIdempotent: request.isIdempotent,
                    deadline: deadline)
                do throws(AppendFailure) {
                    try state.planner.enqueue(entry, to: request.key)
                } catch {
                    return error
                }
                state.nextTicket += 1
                state.waiting[ticket] = Waiting(request: request, deadline: deadline, continuation: continuation)
                return nil
            }
            if let refusal { continuation.resume(throwing: refusal.publicError) } else { startTasks() }
        }
    }

    /// Notes a last message that was read from MongoDB.
    func learn(_ head: Head, for key: ConversationKey) { state.withLock { $0.planner.learn(head, for: key) } }

    func forgetHead(of key: ConversationKey) { state.withLock { $0.planner.forgetHead(of: key) } }

    /// Takes nothing more in and returns when everything is settled.
    func close() async {
        state.withLock { $0.isClosed = true }
        while state.withLock({ !$0.waiting.isEmpty || $0.workers > 0 }) { try? await Task.sleep(for: .milliseconds(5)) }
        await writer.follower.settle()
    }

    // MARK: Workers

    private func startTasks() {
        let (isWorkerDue, isTickerDue) = state.withLock { state in
            let isWorkerDue = state.planner.hasReady && state.workers < configuration.workers
            if isWorkerDue { state.workers += 1 }
            let isTickerDue = !state.isTicking && !state.waiting.isEmpty
            if isTickerDue { state.isTicking = true }
            return (isWorkerDue, isTickerDue)
        }
        if isWorkerDue { Task { await work() } }
        if isTickerDue { Task { await tick() } }
    }

    private func work() async {
        while let prepared = nextBatch() {
            startTasks()
            await commit(prepared)
        }
    }

    /// The next batch, or nil after signing off.
    private func nextBatch() -> PreparedBatch? {
        state.withLock { state in
            guard let batch = state.planner.nextBatch() else {
                state.workers -= 1
                return nil
            }
            let requests = batch.runs.map { $0.entries.compactMap { state.waiting[$0.ticket]?.request } }
            return PreparedBatch(batch: batch, requests: requests)
        }
    }

    private func commit(_ prepared: PreparedBatch) async {
        let written = await writer.write(prepared)
        // Told before the conversation is released, so that one process tells of messages in their order.
        for (run, stored) in zip(prepared.requests, written.stored) where !stored.isEmpty {
            if let audience = run.first?.audience { onStored(audience, stored) }
        }
        for key in written.vanished { onVanished(key) }
        settle(written)
    }

    private func settle(_ written: BatchWriter.Written) {
        var resumptions: [(Caller, Result<AppendResult, any Error>)] = []
        let (settlement, left) = state.withLock { state in
            let settlement = state.planner.finish(written.batch, outcomes: written.outcomes)
            func settle(_ ticket: UInt64, _ result: (AppendRequest) -> Result<AppendResult, any Error>) {
                guard let waiting = state.waiting.removeValue(forKey: ticket) else { return }
                if let continuation = waiting.continuation {
                    resumptions.append((continuation, result(waiting.request)))
                }
            }
            // Both run by run, in the order of their entries.
            for (acknowledged, stored) in zip(settlement.acknowledged, written.stored.joined()) {
                settle(acknowledged.ticket) { _ in .success(.stored(stored)) }
            }
            for ticket in settlement.duplicates { settle(ticket) { _ in .success(.repeated) } }
            for failure in settlement.failed { settle(failure.ticket) { _ in .failure(failure.error.publicError) } }
            for key in written.vanished {
                for ticket in state.planner.remove(where: { at, _ in at == key }) {
                    settle(ticket) { _ in .failure(AppendFailure.vanished.publicError) }
                }
                state.planner.forgetHead(of: key)
            }
            return (settlement, state.planner.waitingMessages)
        }
        for (continuation, result) in resumptions { continuation.resume(with: result) }
        metrics.settled(settlement, batch: written.batch.count, waiting: left)
        for backoff in settlement.backoffs { rest(backoff.key, losses: backoff.losses) }
    }

    /// Lets a conversation that lost a race rest for a moment that grows with the losses and is different everywhere.
    private func rest(_ key: ConversationKey, losses: Int) {
        let longest = min(1 << min(losses, 6), 50)
        Task {
            try? await Task.sleep(for: .microseconds(Int.random(in: 0...longest * 1000)))
            state.withLock { $0.planner.resume(key) }
            startTasks()
        }
    }

    // MARK: Deadlines

    /// Looks a few times a second for callers who waited too long, as long as there are callers.
    private func tick() async {
        var isNeeded = true
        while isNeeded {
            try? await Task.sleep(for: .milliseconds(100))
            isNeeded = expire()
        }
    }

    private func expire() -> Bool {
        let now = now
        var expired: [(Caller, AppendFailure)] = []
        let isNeeded = state.withLock { state in
            let reason = "the message waited for \(configuration.waitingTime) to be stored"
            for ticket in state.planner.remove(where: { $1.deadline <= now }) {
                if let waiting = state.waiting.removeValue(forKey: ticket), let continuation = waiting.continuation {
                    expired.append((continuation, .unavailable(reason)))
                }
            }
            // What is on its way stays on its way; only its caller stops waiting, a little later than the others.
            let late = now - configuration.lookupTime
            for (ticket, waiting) in state.waiting where waiting.deadline <= late {
                guard let continuation = waiting.continuation else { continue }
                expired.append((continuation, .outcomeUnknown))
                state.waiting[ticket]?.continuation = nil
            }
            if state.waiting.isEmpty { state.isTicking = false }
            return state.isTicking
        }
        for (continuation, failure) in expired { continuation.resume(throwing: failure.publicError) }
        return isNeeded
    }
}

extension Message {
    func at(seq: Int, timestamp: Date) -> Message {
        var message = self
        message.seq = seq
        message.timestamp = timestamp
        return message
    }
}
