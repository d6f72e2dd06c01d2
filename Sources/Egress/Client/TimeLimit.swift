import Synchronization

/// The time something may take: until ``hard``, and while nothing moves only until ``soft`` has passed.
public final class TimeLimit: Sendable {
    private let soft: Duration
    private let hard: ContinuousClock.Instant
    private let next: Mutex<ContinuousClock.Instant>

    /// A limit that begins now.
    /// - Parameters:
    ///   - soft: how long nothing may move.
    ///   - hard: how long it may take in all; as long as `soft` without one.
    public init(_ soft: Duration, hard: Duration? = nil) {
        let now = ContinuousClock.now
        self.soft = soft
        self.hard = now + (hard ?? soft)
        next = Mutex(now + soft)
    }

    /// Something moved.
    public func extend() { next.withLock { $0 = ContinuousClock.now + soft } }

    private var end: ContinuousClock.Instant { min(hard, next.withLock { $0 }) }

    /// Runs `body` and cancels it when the time is up.
    /// - Throws: ``EgressError`` of code `timed_out`, or what `body` throws.
    public func run<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: body)
            group.addTask {
                while ContinuousClock.now < self.end { try await Task.sleep(until: self.end, clock: .continuous) }
                throw EgressError(.timedOut, "the server did not answer in time")
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
