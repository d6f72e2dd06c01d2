import Foundation
import Logging
import Metrics
import Redis

/// One limit that a request is held to.
public struct RateLimitRequest: Sendable, Hashable {
    /// Name of the limit, as in the answer's headers: `company`, `caller`, `sign-in-address` …
    public let name: String
    /// Whom it is counted for, within the company where there is one: an id, an address, an account.
    public let subject: String
    /// The figures.
    public let limit: RateLimit

    /// Holds `subject` to `limit` under `name`.
    public init(name: String, subject: String, limit: RateLimit) {
        self.name = name
        self.subject = subject
        self.limit = limit
    }
}

/// What all limits say about a request.
public struct RateLimitDecision: Sendable, Hashable {
    /// Whether all limits let it through. If not, it was charged to none.
    public var isAllowed: Bool { limits.allSatisfy(\.isAllowed) }
    /// Each limit's word, in the order asked.
    public let limits: [RateLimitState]
    /// The company's cache generations; nil when Redis is away or no company was named.
    public let generations: CacheGenerations?
    /// The conversation's edition (``EditionCache``); nil when Redis is away or none was asked for.
    public let edition: String?
    /// Whether this process decided alone, because Redis is away.
    public let isLocal: Bool

    /// How long to wait before trying again: the longest wait of the limits that refuse. Nil when allowed.
    public var retryAfter: Duration? { limits.filter { !$0.isAllowed }.map(\.retryAfter).max() }
}

/// Holds requests to limits that all processes count together; while Redis is away each process counts alone.
public final class RateLimiter: Sendable {
    private let client: RedisClient
    private let local: LocalRateLimiter
    private let logger: Logger
    private let clock: (@Sendable () -> Int64)?
    private let localDecisions = Counter(label: "switchboard_rate_limit_local_decisions_total")

    /// A limiter by the clock of Redis.
    public convenience init(client: RedisClient, logger: Logger, local: LocalRateLimiter = LocalRateLimiter()) {
        self.init(client: client, logger: logger, local: local, clock: nil)
    }

    /// - Parameter clock: microseconds to decide by, instead of the time of Redis.
    init(client: RedisClient, logger: Logger, local: LocalRateLimiter, clock: (@Sendable () -> Int64)?) {
        self.client = client
        self.local = local
        self.logger = logger
        self.clock = clock
    }

    /// Decides about a request of a company and fetches the company's cache generations, in one call of Redis.
    ///
    /// Takes the bare id of the company, because authentication itself reads through the cache: nothing of the
    /// company comes back but how busy it is.
    /// - Parameter conversation: a conversation whose edition is wanted, too.
    public func check(
        companyId: UUID, limits: [RateLimitRequest], editionOf conversation: UUID? = nil
    ) async -> RateLimitDecision {
        await check(PreparedLimits(companyId: companyId, limits), editionOf: conversation)
    }

    /// As ``check(companyId:limits:editionOf:)`` for limits that are used again and again.
    public func check(_ limits: PreparedLimits, editionOf conversation: UUID? = nil) async -> RateLimitDecision {
        await decide(limits.requests, limits.keyed, company: limits.companyId, conversation: conversation)
    }

    /// Decides about a request that belongs to no company, such as a sign-in by address and by account. Limits are
    /// asked one after the other; the first that refuses ends it, and those after it are not in the answer.
    public func check(limits: [RateLimitRequest]) async -> RateLimitDecision {
        var states: [RateLimitState] = []
        var isLocal = false
        for limit in limits {
            let key = CacheKeys.limit(name: limit.name, subject: limit.subject)
            let decision = await decide([limit], [(key, GCRA(limit.limit))], company: nil)
            states += decision.limits
            isLocal = isLocal || decision.isLocal
            if !decision.isAllowed { break }
        }
        return RateLimitDecision(limits: states, generations: nil, edition: nil, isLocal: isLocal)
    }

    private func decide(
        _ requests: [RateLimitRequest], _ keyed: [(key: String, gcra: GCRA)], company: UUID?,
        conversation: UUID? = nil
    ) async -> RateLimitDecision {
        do {
            let (decisions, generations, edition) = try await LimiterScript.run(
                on: client, limits: keyed, generationsOf: company, editionOf: conversation, now: clock.map { $0() })
            return RateLimitDecision(
                limits: zip(requests, decisions).map(Self.state), generations: generations, edition: edition,
                isLocal: false)
        } catch {
            localDecisions.increment()
            if (error as? RedisError)?.isUnavailable == false {
                logger.error("The limiter's script failed", metadata: ["reason": "\(error)"])
            }
            return RateLimitDecision(
                limits: zip(requests, local.decide(keyed)).map(Self.state), generations: nil, edition: nil,
                isLocal: true)
        }
    }

    private static func state(_ request: RateLimitRequest, _ decision: GCRA.Decision) -> RateLimitState {
        RateLimitState(
            name: request.name, policy: request.limit, isAllowed: decision.isAllowed, remaining: decision.remaining,
            reset: .microseconds(decision.reset), retryAfter: .microseconds(decision.retryAfter))
    }
}
