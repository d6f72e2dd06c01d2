import Synchronization

/// What Redis refused, and until when. Only time frees a limit, and what others use of it makes the wait longer: so this
/// process can refuse by itself, until then, whatever Redis would refuse again.
///
/// Bounded: what was asked for longest ago is forgotten, and Redis is asked again.
final class Refusals: Sendable {
    private struct Refusal {
        let gcra: GCRA
        /// When a request conforms again.
        let retry: Int64
        /// When the limit is as if nothing had happened.
        let reset: Int64
    }

    private let refusals: Mutex<BoundedTable<String, Refusal>>
    /// Microseconds, never backwards.
    private let clock: @Sendable () -> Int64

    init(limit: Int = 20_000, clock: @escaping @Sendable () -> Int64 = LocalRateLimiter.monotonicMicroseconds) {
        refusals = Mutex(BoundedTable(limit: limit))
        self.clock = clock
    }

    var now: Int64 { clock() }

    /// The states of those limits that are known to refuse, none when Redis has to be asked.
    func states(of limits: PreparedLimits) -> [RateLimitState] {
        refusals.withLock { refusals in
            guard refusals.count > 0 else { return [] }
            let now = now
            return zip(limits.requests, limits.keyed).compactMap { request, limit in
                guard let refusal = refusals.value(limit.key) else { return nil }
                // Under other figures, as after a change of plan, it may be allowed.
                guard refusal.retry > now, refusal.gcra == limit.gcra else {
                    refusals.remove(limit.key)
                    return nil
                }
                return RateLimitState(
                    name: request.name, policy: request.limit, isAllowed: false, remaining: 0,
                    reset: .microseconds(refusal.reset - now), retryAfter: .microseconds(refusal.retry - now))
            }
        }
    }

    /// Notes which limits refused.
    /// - Parameter asked: a time before Redis decided, so that no wait is longer than it said.
    func note(_ decisions: [GCRA.Decision], of limits: PreparedLimits, asked: Int64) {
        refusals.withLock { refusals in
            for (limit, decision) in zip(limits.keyed, decisions) where !decision.isAllowed {
                refusals.set(
                    Refusal(gcra: limit.gcra, retry: asked + decision.retryAfter, reset: asked + decision.reset),
                    for: limit.key)
            }
        }
    }
}
