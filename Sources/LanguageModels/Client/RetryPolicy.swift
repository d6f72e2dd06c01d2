/// How often and after what pause a model is asked again. Pure: chance comes as a parameter.
public struct RetryPolicy: Sendable, Hashable {
    /// Tries beyond the first one while nothing of the answer was shown.
    public var maximumRetries = 2
    /// Restarts of an answer of which something was shown.
    public var maximumRestarts = 1
    /// The first pause; each further one is twice as long.
    public var firstPause = Duration.milliseconds(500)
    /// A pause differs from its plan by at most this share.
    public var jitter = 0.2
    /// The longest pause that a server may ask for; when it asks for more, nobody waits.
    public var longestRetryAfter = Duration.seconds(20)

    /// The policy as it is built in.
    public init() {}

    /// What happened to one call so far.
    public struct History: Sendable, Hashable {
        /// Tries beyond the first one.
        public var retries = 0
        /// Those of them that followed on a break after something was shown.
        public var restarts = 0

        /// Nothing so far.
        public init() {}
    }

    /// The pause before the next try; nil when there is to be none.
    /// - Parameters:
    ///   - wasShown: somebody saw a part of the answer that broke off.
    ///   - chance: from 0 to 1.
    public func pause(after error: ModelError, _ history: History, wasShown: Bool, chance: Double) -> Duration? {
        guard error.isPassing, history.retries < maximumRetries else { return nil }
        guard !wasShown || history.restarts < maximumRestarts else { return nil }
        if let asked = error.retryAfter { return asked <= longestRetryAfter ? max(.zero, asked) : nil }
        let share = 1 + jitter * (2 * min(max(chance, 0), 1) - 1)
        return firstPause * (1 << history.retries) * share
    }

    /// A `Retry-After` in seconds; dates and nonsense are nil.
    static func seconds(_ header: String?) -> Duration? {
        guard let header, let seconds = Double(header), seconds >= 0, seconds < 1e6 else { return nil }
        return .milliseconds(Int64((seconds * 1_000).rounded(.up)))
    }
}
