import Logging
import Synchronization

/// Lends the client's connections, first come, first served. Decisions are `PoolState`'s; they are carried out here,
/// outside the lock.
final class ConnectionPool: Sendable {
    private typealias Waiting = CheckedContinuation<Result<PoolState.Slot, PostgresError>, Never>

    private struct State {
        var pool: PoolState
        var waiting: [PoolState.WaiterID: Waiting] = [:]
        var drain: CheckedContinuation<Void, Never>?
        var isTimerRunning = false
    }

    private let state: Mutex<State>
    private let slots: [ConnectionSlot]
    private let waitTimeout: Duration

    init(configuration: PostgresConfiguration, counters: Counters, logger: Logger) {
        let pool = PoolState(
            capacity: configuration.poolSize, queueLimit: configuration.queueLimit,
            waitTimeout: configuration.waitTimeout)
        state = Mutex(State(pool: pool))
        waitTimeout = configuration.waitTimeout
        let canceller = Canceller()
        slots = (0..<pool.capacity).map { index in
            ConnectionSlot(
                number: index, configuration: configuration, counters: counters, canceller: canceller, logger: logger)
        }
    }

    var usage: (leased: Int, waiting: Int) {
        state.withLock { ($0.pool.leasedCount, $0.pool.waitingCount) }
    }

    /// Lends a connection for the length of `body`.
    func withSlot<T>(_ body: (ConnectionSlot) async throws -> T) async throws -> T {
        let number = try await lease()
        let slot = slots[number]
        defer { release(number, connected: slot.isConnected) }
        return try await body(slot)
    }

    private func lease() async throws -> PoolState.Slot {
        if Task.isCancelled { throw PostgresError(.cancelled, message: "cancelled before a connection was lent") }
        let waiter = Atomic<Int>(0)
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Waiting) in
                enqueue(continuation, number: waiter)
            }
        } onCancel: {
            cancel(waiter.load(ordering: .acquiring))
        }
        return try granted.get()
    }

    private func enqueue(_ continuation: Waiting, number: borrowing Atomic<Int>) {
        let decision = state.withLock { state -> PoolState.Lease in
            let decision = state.pool.lease(now: .now)
            if case .wait(let id, _) = decision { state.waiting[id] = continuation }
            return decision
        }
        switch decision {
        case .granted(let slot): continuation.resume(returning: .success(slot))
        case .refused(let refusal): continuation.resume(returning: .failure(error(for: refusal)))
        case .wait(let id, let deadline):
            number.store(id.number, ordering: .releasing)
            // The task may have been cancelled before there was anything to cancel.
            if Task.isCancelled { cancel(id.number) }
            startTimer(deadline)
        }
    }

    private func cancel(_ number: Int) {
        let id = PoolState.WaiterID(number: number)
        let continuation = state.withLock { $0.pool.cancel(id) ? $0.waiting.removeValue(forKey: id) : nil }
        continuation?.resume(
            returning: .failure(PostgresError(.cancelled, message: "cancelled while waiting for a connection")))
    }

    private func release(_ slot: PoolState.Slot, connected: Bool) {
        let (handedTo, drained) = state.withLock { state -> (Waiting?, CheckedContinuation<Void, Never>?) in
            switch state.pool.release(slot, connected: connected) {
            case .hand(_, let waiter): (state.waiting.removeValue(forKey: waiter), nil)
            case .kept: (nil, nil)
            case .drained: (nil, state.drain.take())
            }
        }
        handedTo?.resume(returning: .success(slot))
        drained?.resume()
    }

    /// One timer for all: it sleeps until the first waiter's deadline.
    private func startTimer(_ deadline: ContinuousClock.Instant) {
        let isRunning = state.withLock { state in
            defer { state.isTimerRunning = true }
            return state.isTimerRunning
        }
        if isRunning { return }
        Task { [weak self] in
            var next: ContinuousClock.Instant? = deadline
            while let deadline = next {
                try? await Task.sleep(until: deadline, clock: .continuous)
                next = self?.expire()
            }
        }
    }

    private func expire() -> ContinuousClock.Instant? {
        let (late, next) = state.withLock { state in
            let (expired, next) = state.pool.expire(now: .now)
            state.isTimerRunning = next != nil
            return (expired.compactMap { state.waiting.removeValue(forKey: $0) }, next)
        }
        let error = PostgresError(.poolTimeout, message: "no connection became free within \(waitTimeout)")
        for continuation in late { continuation.resume(returning: .failure(error)) }
        return next
    }

    private func error(for refusal: PoolState.Refusal) -> PostgresError {
        switch refusal {
        case .queueFull:
            PostgresError(.poolTimeout, message: "too many callers wait for a connection already (queueLimit)")
        case .shutDown: PostgresError(.connection, message: "the client is shut down")
        }
    }

    /// Refuses new callers, waits until the lent connections are back, at most `limit`, and closes all.
    func shutDown(limit: Duration) async {
        let waiting = state.withLock { state in
            state.pool.shutDown().compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in waiting { continuation.resume(returning: .failure(error(for: .shutDown))) }
        await drain(limit: limit)
        await withTaskGroup(of: Void.self) { group in
            for slot in slots { group.addTask { await slot.terminate() } }
        }
    }

    private func drain(limit: Duration) async {
        let timer = Task { [weak self] in
            try? await Task.sleep(for: limit)
            self?.state.withLock { $0.drain.take() }?.resume()
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isDone = state.withLock { state in
                if state.pool.isDrained || state.drain != nil { return true }
                state.drain = continuation
                return false
            }
            if isDone { continuation.resume() }
        }
        timer.cancel()
    }
}
