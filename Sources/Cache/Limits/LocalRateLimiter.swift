import Synchronization

/// The limiter of one process, for the time when Redis is away. Each process then grants the whole limit.
///
/// Keeps a bounded number of subjects; the one seen longest ago is forgotten first, and so forgiven.
public final class LocalRateLimiter: Sendable {
    private let arrivals: Mutex<BoundedTable<String, Int64>>
    private let clock: @Sendable () -> Int64

    /// - Parameters:
    ///   - maxSubjects: how many subjects are remembered.
    ///   - clock: microseconds; any beginning, never backwards.
    public init(
        maxSubjects: Int = 100_000, clock: @escaping @Sendable () -> Int64 = LocalRateLimiter.monotonicMicroseconds
    ) {
        arrivals = Mutex(BoundedTable(limit: maxSubjects))
        self.clock = clock
    }

    /// Decides about a request under several limits; it is charged to all of them or to none.
    func decide(_ limits: [(key: String, gcra: GCRA)]) -> [GCRA.Decision] {
        let now = clock()
        return arrivals.withLock { arrivals in
            let kept = limits.map { arrivals.value($0.key) }
            let looks = zip(limits, kept).map { $0.gcra.decide(arrival: $1, now: now, isCharged: false) }
            guard looks.allSatisfy(\.isAllowed) else { return looks }
            return zip(limits, kept).map { limit, arrival in
                let decision = limit.gcra.decide(arrival: arrival, now: now)
                arrivals.set(decision.arrival, for: limit.key)
                return decision
            }
        }
    }

    /// How many subjects are remembered now.
    var subjectCount: Int { arrivals.withLock { $0.count } }

    private static let start = ContinuousClock.now

    /// Microseconds since the first use, by a clock that never goes back.
    public static let monotonicMicroseconds: @Sendable () -> Int64 = {
        let elapsed = (ContinuousClock.now - start).components
        return elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000
    }
}
