import Synchronization

/// A job with a waiting caller. Settled exactly once, by whoever comes first: the result, an error, the deadline or
/// the caller's cancellation. What comes later is dropped.
final class Ticket<Value: Sendable>: Job {
    let deadline: ContinuousClock.Instant
    private let intent: Intent
    private let body: @Sendable (WorkerContext) throws -> Value
    private let state = Mutex(State())

    private struct State {
        var isRunning = false
        var isSettled = false
        var continuation: CheckedContinuation<Value, any Error>?
        /// The answer when it was there before the caller waited.
        var early: Result<Value, any Error>?
    }

    init(
        deadline: ContinuousClock.Instant, intent: Intent, _ body: @escaping @Sendable (WorkerContext) throws -> Value
    ) {
        self.deadline = deadline
        self.intent = intent
        self.body = body
    }

    /// Takes the caller's continuation; answers at once when the answer is there already.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let early = state.withLock { state in
            if state.early == nil { state.continuation = continuation }
            return state.early
        }
        if let early { continuation.resume(with: early) }
    }

    func run(in context: WorkerContext) {
        guard begin() else { return }
        var context = context
        context.deadline = deadline
        settle(Result { try body(context) })
    }

    /// Marks the work as begun; false when nobody wants it any more.
    func begin() -> Bool {
        if ContinuousClock.now >= deadline { interrupt(.expired) }
        return state.withLock { state in
            if state.isSettled { return false }
            state.isRunning = true
            return true
        }
    }

    /// Answers the caller; false when it was answered before.
    @discardableResult
    func settle(_ result: Result<Value, any Error>) -> Bool { settle { _ in result } }

    func fail(_ error: MongoError) { settle(.failure(error)) }

    func interrupt(_ reason: Interruption) {
        settle { running in .failure(reason.error(running: running, intent: intent)) }
    }

    /// Chooses the answer under the lock: work that begins afterwards finds the caller gone, so "never sent" stays true.
    @discardableResult
    private func settle(_ choose: (_ isRunning: Bool) -> Result<Value, any Error>) -> Bool {
        let answer = state.withLock { state -> (Result<Value, any Error>, CheckedContinuation<Value, any Error>?)? in
            if state.isSettled { return nil }
            let result = choose(state.isRunning)
            state.isSettled = true
            if state.continuation == nil { state.early = result }
            defer { state.continuation = nil }
            return (result, state.continuation)
        }
        guard let (result, continuation) = answer else { return false }
        continuation?.resume(with: result)
        return true
    }
}
