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
    /// Each limit's word, in the order asked; of a refusal that Redis was not asked for, the word of those that refuse.
    public let limits: [RateLimitState]
    /// The company's cache generations; nil when Redis is away or no company was named.
    public let generations: CacheGenerations?
    /// The conversation's edition (``EditionCache``); nil when Redis is away or none was asked for.
    public let edition: String?
    /// Whether this process decided alone, because Redis is away.
    public let isLocal: Bool

    /// Whether it was refused before, and the caller did not wait as it was told.
    public var isImpatient = false

    /// How long to wait before trying again: the longest wait of the limits that refuse. Nil when allowed.
    public var retryAfter: Duration? { limits.filter { !$0.isAllowed }.map(\.retryAfter).max() }
}

/// Holds requests to limits that all processes count together; while Redis is away each process counts alone.
///
/// What Redis refused is refused without asking again for as long as Redis said (``Refusals``).
public final class RateLimiter: Sendable {
    private let calls: LimiterCalls
    private let refusals: Refusals
    private let local: LocalRateLimiter
    private let logger: Logger
    private let localDecisions = Counter(label: "switchboard_rate_limit_local_decisions_total")

    /// A limiter by the clock of Redis.
    public convenience init(client: RedisClient, logger: Logger, local: LocalRateLimiter = LocalRateLimiter()) {
        self.init(client: client, logger: logger, local: local, refusals: Refusals(), clock: nil)
    }

    /// - Parameter clock: microseconds to decide by, instead of the time of Redis.
    init(
        client: RedisClient, logger: Logger, local: LocalRateLimiter = LocalRateLimiter(), refusals: Refusals,
        clock: (@Sendable () -> Int64)? = nil
    ) {
        calls = LimiterCalls(client: client, clock: clock)
        self.refusals = refusals
        self.local = local
        self.logger = logger
    }

    /// Decides about a request of a company and fetches the company's cache generations, in one call of Redis.
    ///
    /// Takes the bare id of the company, because authentication itself reads through the cache: nothing of the
    /// company comes back but how busy it is.
    /// - Parameter conversation: a conversation whose edition is wanted, too.
    nonisolated(nonsending) public func check(
        companyId: UUID, limits: [RateLimitRequest], editionOf conversation: UUID? = nil
    ) async -> RateLimitDecision {
        await check(PreparedLimits(companyId: companyId, limits), editionOf: conversation)
    }

    /// As ``check(companyId:limits:editionOf:)`` for limits that are used again and again.
    nonisolated(nonsending) public func check(
        _ limits: PreparedLimits, editionOf conversation: UUID? = nil
    ) async -> RateLimitDecision {
        let refused = refusals.states(of: limits)
        if !refused.isEmpty {
            return RateLimitDecision(
                limits: refused, generations: nil, edition: nil, isLocal: false, isImpatient: true)
        }
        let asked = refusals.now
        do {
            let outcome = try await calls.ask(limits, editionOf: conversation)
            let decision = RateLimitDecision(
                limits: Self.states(limits, outcome.decisions), generations: outcome.generations,
                edition: outcome.edition, isLocal: false)
            if !decision.isAllowed { refusals.note(outcome.decisions, of: limits, asked: asked) }
            return decision
        } catch {
            localDecisions.increment()
            if !error.isUnavailable { logger.error("The limiter's script failed", metadata: ["reason": "\(error)"]) }
            return RateLimitDecision(
                limits: Self.states(limits, local.decide(limits.keyed)), generations: nil, edition: nil, isLocal: true)
        }
    }

    /// Decides about a request that belongs to no company, such as a sign-in by address and by account. Limits are
    /// asked one after the other; the first that refuses ends it, and those after it are not in the answer.
    nonisolated(nonsending) public func check(limits: [RateLimitRequest]) async -> RateLimitDecision {
        var states: [RateLimitState] = []
        var (isLocal, isImpatient) = (false, false)
        for limit in limits {
            let decision = await check(PreparedLimits(limit))
            states += decision.limits
            isLocal = isLocal || decision.isLocal
            isImpatient = decision.isImpatient
            if !decision.isAllowed { break }
        }
        return RateLimitDecision(
            limits: states, generations: nil, edition: nil, isLocal: isLocal, isImpatient: isImpatient)
    }

    private static func states(_ limits: PreparedLimits, _ decisions: [GCRA.Decision]) -> [RateLimitState] {
        zip(limits.requests, decisions).map { request, decision in
            RateLimitState(
                name: request.name, policy: request.limit, isAllowed: decision.isAllowed,
                remaining: decision.remaining, reset: .microseconds(decision.reset),
                retryAfter: .microseconds(decision.retryAfter))
        }
    }
}
