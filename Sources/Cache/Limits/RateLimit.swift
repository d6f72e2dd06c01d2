/// How many requests are allowed in which time.
public struct RateLimit: Sendable, Hashable {
    /// Requests in one window, at least 1.
    public let limit: Int
    /// Length of the window, at least one microsecond for each request of it.
    public let window: Duration
    /// Requests that may come at once after a rest, at least 1.
    public let burst: Int

    /// Figures out of range are brought into it: 1 to a million requests, windows from a second to a day.
    /// - Parameter burst: nil for the whole `limit`.
    public init(limit: Int, window: Duration, burst: Int? = nil) {
        self.limit = min(max(limit, 1), 1_000_000)
        self.window = min(max(window, .seconds(1)), .seconds(86_400))
        self.burst = min(max(burst ?? self.limit, 1), 1_000_000)
    }
}

/// What a limit says about one request.
public struct RateLimitState: Sendable, Hashable {
    /// The limit's name, as the caller gave it.
    public let name: String
    /// The figures of the limit.
    public let policy: RateLimit
    /// Whether this limit lets the request through.
    public let isAllowed: Bool
    /// How many requests may follow at once.
    public let remaining: Int
    /// Time until the limit is as if nothing had happened.
    public let reset: Duration
    /// Time until a request gets through, zero when one would now.
    public let retryAfter: Duration
}
