import Synchronization

/// Ends an exchange whose head, next piece or end does not come in time.
final class ExchangeWatch: Sendable {
    private struct State {
        var hasHead = false
        var lastSign: ContinuousClock.Instant
    }

    private let limits: ModelLimits
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    init(_ limits: ModelLimits) {
        self.limits = limits
        start = .now
        state = Mutex(State(lastSign: start))
    }

    /// Notes that the head, or another piece, has come.
    func sign() {
        state.withLock { state in
            state.hasHead = true
            state.lastSign = .now
        }
    }

    /// Waits until a limit is passed, or until it is cancelled.
    /// - Throws: ``ModelError`` saying which one.
    func run() async throws {
        while true {
            let (moment, error) = next()
            if moment <= .now { throw error }
            try await Task.sleep(until: moment, clock: .continuous)
        }
    }

    private func next() -> (ContinuousClock.Instant, ModelError) {
        let state = state.withLock { $0 }
        let silence =
            state.hasHead
            ? (state.lastSign + limits.gap, ModelError(.gapTimeout, detail: "silent for \(limits.gap)"))
            : (start + limits.head, ModelError(.headTimeout, detail: "no answer within \(limits.head)"))
        let end = start + limits.whole
        return silence.0 < end ? silence : (end, ModelError(.wholeTimeout, detail: "not done within \(limits.whole)"))
    }
}
