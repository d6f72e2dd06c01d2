import Foundation
import Redis
import Synchronization
import TestSupport
import Testing

@testable import Cache

/// A clock in microseconds that moves when told to.
private final class Microseconds: Sendable {
    private static let start: Int64 = 1_700_000_000_000_000
    private let time = Mutex(start)
    var now: Int64 { time.withLock { $0 } }
    /// So much after the start.
    func pass(_ passed: Int64) { time.withLock { $0 = Self.start + passed } }
}

/// What was refused is refused again without Redis, for exactly as long as Redis said.
@Suite(.timeLimit(.minutes(2))) struct RefusalTests {
    private let clock = Microseconds()

    private func limiter(_ client: RedisClient, limit: Int = 100) -> RateLimiter {
        let now: @Sendable () -> Int64 = { [clock] in clock.now }
        return RateLimiter(client: client, logger: quiet, refusals: Refusals(limit: limit, clock: now), clock: now)
    }

    private func caller(_ subject: String, perMinute: Int = 60, burst: Int = 1) -> RateLimitRequest {
        RateLimitRequest(
            name: "caller", subject: subject, limit: RateLimit(limit: perMinute, window: .seconds(60), burst: burst))
    }

    @Test func `until the time that Redis said it is not asked again, and then it is`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url) { client in
                let limiter = limiter(client)
                let limits = PreparedLimits(companyId: UUID(), [caller("a")])
                #expect(await limiter.check(limits).isAllowed)
                let first = await limiter.check(limits)
                #expect(first.retryAfter == .seconds(1) && !first.isImpatient)
                let before = try await client.scriptCalls()
                for passed in [1, 400_000, 999_999] as [Int64] {
                    clock.pass(passed)
                    let again = await limiter.check(limits)
                    #expect(!again.isAllowed && !again.isLocal && again.isImpatient)
                    #expect(again.retryAfter == .microseconds(1_000_000 - passed))
                    #expect(again.limits.map(\.reset) == [.microseconds(1_000_000 - passed)])
                    #expect(again.limits.map(\.remaining) == [0])
                }
                #expect(try await client.scriptCalls() == before)
                clock.pass(1_000_000)
                #expect(await limiter.check(limits).isAllowed)
                #expect(try await client.scriptCalls() == before + 1)
            }
        }
    }

    @Test func `others are asked for, and so are other figures of the same caller`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = limiter(client)
            let company = RateLimitRequest(
                name: "company", subject: "all", limit: RateLimit(limit: 60, window: .seconds(60)))
            func check(_ caller: RateLimitRequest) async -> RateLimitDecision {
                await limiter.check(PreparedLimits(companyId: scope.companyId, [company, caller]))
            }
            _ = await check(caller("a"))
            #expect(await check(caller("a")).limits.map(\.isAllowed) == [true, false])
            #expect(await check(caller("a")).limits.map(\.name) == ["caller"], "known to refuse")
            #expect(await check(caller("b")).isAllowed)
            #expect(await check(caller("a", perMinute: 120, burst: 5)).isAllowed, "a larger plan")
        }
    }

    @Test func `a company's refusal holds for all of its callers`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = limiter(client)
            let company = RateLimitRequest(
                name: "company", subject: "all", limit: RateLimit(limit: 60, window: .seconds(60), burst: 1))
            func check(_ subject: String) async -> RateLimitDecision {
                await limiter.check(PreparedLimits(companyId: scope.companyId, [company, caller(subject)]))
            }
            #expect(await check("a").isAllowed)
            #expect(await !check("a").isAllowed)
            let other = await check("b")
            #expect(other.limits.map(\.name) == ["company"] && other.retryAfter == .seconds(1))
        }
    }

    @Test func `what is remembered is bounded`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = limiter(client, limit: 2)
            func check(_ subject: String) async -> RateLimitDecision {
                await limiter.check(PreparedLimits(companyId: scope.companyId, [caller(subject)]))
            }
            for subject in ["a", "b", "c"] { for _ in 0..<2 { _ = await check(subject) } }
            // Forgotten or not, the answer is the same.
            for subject in ["a", "b", "c"] { #expect(await !check(subject).isAllowed) }
        }
    }

    @Test func `requests that come together are counted one by one, and each is told its own place`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = limiter(client)
            let limits = PreparedLimits(companyId: scope.companyId, [caller("a", burst: 20)])
            let states = await withTaskGroup(of: RateLimitState.self) { group in
                for _ in 0..<50 { group.addTask { await limiter.check(limits).limits[0] } }
                return await group.reduce(into: [RateLimitState]()) { $0.append($1) }
            }
            #expect(states.filter(\.isAllowed).map(\.remaining).sorted() == Array(0..<20))
            #expect(states.count { !$0.isAllowed } == 30)
        }
    }
}
