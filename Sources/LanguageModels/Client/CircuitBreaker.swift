/// Leaves a model alone for a while after a failure that repeating cannot cure. Pure: the time comes as a parameter.
///
/// Closed, it lets everything through. A fatal failure, or several passing ones in a row, opens it; after the pause
/// one single call is let through to see how things are, and decides.
public struct CircuitBreaker: Sendable, Hashable {
    /// A moment; only differences matter.
    public typealias Instant = ContinuousClock.Instant

    private enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: Instant)
        case probing(until: Instant)
    }

    /// How long it stays open after a fatal failure.
    public var pause = Duration.seconds(300)
    /// How long it stays open after passing failures in a row.
    public var shortPause = Duration.seconds(30)
    /// Passing failures in a row that open it.
    public var passingFailures = 5
    /// How long a probe may take before another one is let through: its caller may have died.
    public var probeTime = Duration.seconds(90)
    private var state = State.closed(failures: 0)

    /// A closed breaker.
    public init() {}

    /// Whether a call may go out now. In a half-open breaker the first to ask makes the probe.
    public mutating func admits(at now: Instant) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until), .probing(let until):
            guard now >= until else { return false }
            state = .probing(until: now + probeTime)
            return true
        }
    }

    /// Whether a call would be let through now, without making it.
    public func wouldAdmit(at now: Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until), .probing(let until): now >= until
        }
    }

    /// A call was answered.
    public mutating func succeed() { state = .closed(failures: 0) }

    /// A call failed.
    public mutating func fail(_ error: ModelError, at now: Instant) {
        if error.opensBreaker {
            state = .open(until: now + pause)
        } else if error.isPassing {
            switch state {
            case .closed(let failures) where failures + 1 < passingFailures: state = .closed(failures: failures + 1)
            case .closed, .probing: state = .open(until: now + shortPause)
            case .open: break
            }
        } else {
            giveUp(at: now)
        }
    }

    /// A call ended without telling anything about the model: it was cancelled, or was itself at fault.
    public mutating func giveUp(at now: Instant) {
        if case .probing = state { state = .open(until: now) }
    }

    /// Whether nothing is known that would be lost by forgetting it.
    var isFresh: Bool { state == .closed(failures: 0) }
}
