/// The generic cell rate algorithm (ITU-T I.371) in whole microseconds.
///
/// One number is kept for each subject: the theoretical arrival time, at which the bucket would be empty again. The
/// Lua script of ``RateLimiter`` does the same arithmetic, and a test holds both to the same decisions.
public struct GCRA: Sendable, Hashable {
    /// Microseconds that one request takes up.
    public let interval: Int64
    /// Microseconds that may be taken up ahead of time: the burst.
    public let tolerance: Int64

    /// One decision.
    public struct Decision: Sendable, Hashable {
        /// Whether the request conforms.
        public let isAllowed: Bool
        /// The arrival time to keep, in microseconds; the old one when the request does not conform.
        public let arrival: Int64
        /// How many requests may follow at once.
        public let remaining: Int
        /// Microseconds until the bucket is empty.
        public let reset: Int64
        /// Microseconds until a request conforms, 0 when one would now.
        public let retryAfter: Int64
    }

    /// The algorithm for a limit.
    public init(_ limit: RateLimit) {
        let window = limit.window.components
        let microseconds = window.seconds * 1_000_000 + window.attoseconds / 1_000_000_000_000
        // Rounded up: never more than the limit.
        interval = max(1, (microseconds + Int64(limit.limit) - 1) / Int64(limit.limit))
        // At most eleven days ahead, so that every sum stays exact in Lua's numbers, which are doubles.
        tolerance = interval * min(Int64(limit.burst), max(1, 1_000_000_000_000 / interval))
    }

    /// Decides about a request.
    /// - Parameters:
    ///   - arrival: what was kept, nil for a subject never seen.
    ///   - now: microseconds of any clock.
    ///   - isCharged: false to look only, as when another limit refuses the request.
    public func decide(arrival: Int64?, now: Int64, isCharged: Bool = true) -> Decision {
        // No honest arrival time is farther ahead than the burst: a clock that was set back must not lock out.
        let old = min(max(arrival ?? now, now), now + tolerance)
        let next = old + interval
        let isAllowed = next - now <= tolerance
        let kept = isAllowed && isCharged ? next : old
        return Decision(
            isAllowed: isAllowed, arrival: kept, remaining: Int((tolerance - (kept - now)) / interval),
            reset: kept - now, retryAfter: max(0, kept + interval - tolerance - now))
    }
}
