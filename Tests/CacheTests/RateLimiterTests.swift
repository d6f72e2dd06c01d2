import Foundation
import Redis
import Synchronization
import Tenancy
import TestSupport
import Testing

@testable import Cache

@Suite(.timeLimit(.minutes(2))) struct RateLimiterTests {
    func request(_ name: String, _ subject: String, _ limit: Int, burst: Int? = nil) -> RateLimitRequest {
        RateLimitRequest(
            name: name, subject: subject, limit: RateLimit(limit: limit, window: .seconds(3_600), burst: burst))
    }

    @Test func `the script and the arithmetic in Swift decide alike, whatever comes when`() async throws {
        try await RedisClient.withCompany { client, scope in
            let now = Mutex<Int64>(1_700_000_000_000_000)
            let clock: @Sendable () -> Int64 = { now.withLock { $0 } }
            let local = LocalRateLimiter(clock: clock)
            // Under a clock that jumps back what was refused before may be allowed.
            let limiter = RateLimiter(
                client: client, logger: quiet, local: local, refusals: Refusals(limit: 0), clock: clock)
            for _ in 0..<2_000 {
                let requests = (0..<Int.random(in: 1...3)).map { number in
                    // The same subject under changing figures too, as when a company changes its plan.
                    RateLimitRequest(
                        name: "n\(number)", subject: "s\(Int.random(in: 0..<2))",
                        limit: RateLimit(
                            limit: [1, 3, 7, 1_000].randomElement() ?? 1,
                            window: .seconds([1, 2, 60].randomElement() ?? 1),
                            burst: [nil, 1, 5].randomElement() ?? nil))
                }
                let keyed = requests.map {
                    (CacheKeys.limit(scope.companyId, name: $0.name, subject: $0.subject), GCRA($0.limit))
                }
                let inRedis = await limiter.check(companyId: scope.companyId, limits: requests)
                let inSwift = local.decide(keyed)
                try #require(!inRedis.isLocal)
                for (redis, swift) in zip(inRedis.limits, inSwift) {
                    try #require(redis.isAllowed == swift.isAllowed)
                    try #require(redis.remaining == swift.remaining)
                    try #require(redis.reset == .microseconds(swift.reset))
                    try #require(redis.retryAfter == .microseconds(swift.retryAfter))
                }
                // Also a clock that jumps back a little.
                let step: Int64 = [0, 1, 999, 50_000, 400_000, 3_000_000, -200_000].randomElement() ?? 0
                now.withLock { $0 += step }
            }
        }
    }

    @Test func `of many at once over two clients exactly the burst gets through`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await RedisClient.with { other in
                let limiters = [client, other].map { RateLimiter(client: $0, logger: quiet) }
                let limits = [request("company", "all", 50)]
                let allowed = await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<300 {
                        let limiter = limiters[number % 2]
                        group.addTask { await limiter.check(companyId: scope.companyId, limits: limits).isAllowed }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(allowed == 50)
            }
        }
    }

    @Test func `a request that one limit refuses is charged to none`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = RateLimiter(client: client, logger: quiet)
            let limits = [request("company", "all", 10), request("caller", "x", 2)]
            for _ in 0..<2 { _ = await limiter.check(companyId: scope.companyId, limits: limits) }
            let refused = await limiter.check(companyId: scope.companyId, limits: limits)
            #expect(!refused.isAllowed)
            #expect(refused.limits.map(\.isAllowed) == [true, false])
            #expect(refused.limits.map(\.remaining) == [8, 0])
            let wait = try #require(refused.retryAfter)
            #expect(wait > .seconds(1_700) && wait <= .seconds(1_800))
        }
    }

    @Test func `generations stay the same until they are lost, and companies have their own`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = RateLimiter(client: client, logger: quiet)
            let first = try #require(await limiter.check(companyId: scope.companyId, limits: []).generations)
            let second = await limiter.check(companyId: scope.companyId, limits: []).generations
            #expect(first == second)
            try await CompanyKeys.removeAll(scope, from: client)
            let third = try #require(await limiter.check(companyId: scope.companyId, limits: []).generations)
            for kind in CacheKind.allCases { #expect(first[kind] != third[kind]) }
            #expect(first[.auth].utf8.count == 15)
        }
    }

    @Test func `state of limits and generations expires by itself`() async throws {
        try await RedisClient.withCompany { client, scope in
            let limiter = RateLimiter(client: client, logger: quiet)
            _ = await limiter.check(companyId: scope.companyId, limits: [request("company", "all", 60)])
            let limitKey = CacheKeys.limit(scope.companyId, name: "company", subject: "all")
            let limitTime = try #require(await client.send(["PTTL", .text(limitKey)]).integer)
            #expect((1...60_000).contains(limitTime))
            let time = try #require(await client.send(["TTL", .text(CacheKeys.generations(scope.companyId))]).integer)
            #expect(time > 0)
        }
    }

    @Test func `sign-ins are counted by address and by account, and neither can be read in Redis`() async throws {
        try await RedisClient.with { client in
            let limiter = RateLimiter(client: client, logger: quiet)
            let account = "\(UUID())@example.com"
            func attempt(_ address: String) async -> RateLimitDecision {
                await limiter.check(limits: [
                    request("sign-in-address", address, 3), request("sign-in-account", account, 2),
                ])
            }
            let address = UUID().uuidString
            #expect(await attempt(address).isAllowed)
            #expect(await attempt(address).isAllowed)
            let third = await attempt(UUID().uuidString)
            #expect(!third.isAllowed && third.limits.map(\.isAllowed) == [true, false])
            #expect(third.generations == nil)
            _ = await attempt(address)
            #expect(await attempt(address).limits.map(\.isAllowed) == [false], "the account is not asked any more")
            let key = CacheKeys.limit(name: "sign-in-account", subject: account)
            #expect(!key.contains("example"))
            let removed = try await client.send(["DEL", .text(key)])
            #expect(removed.integer == 1)
        }
    }

    @Test func `while Redis is away each process decides alone, and then together again`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url) { client in
                let limiter = RateLimiter(client: client, logger: quiet)
                let company = UUID()
                let limits = [request("company", "all", 5)]
                #expect(await !limiter.check(companyId: company, limits: limits).isLocal)
                await server.kill()
                var allowed = 0
                for _ in 0..<20 {
                    let decision = await limiter.check(companyId: company, limits: limits)
                    #expect(decision.isLocal && decision.generations == nil)
                    allowed += decision.isAllowed ? 1 : 0
                }
                #expect(allowed == 5)
                try await server.start()
                try await eventually("Redis decides again") {
                    await !limiter.check(companyId: company, limits: limits).isLocal
                }
            }
        }
    }

    @Test func `the local limiter's memory is bounded`() {
        let local = LocalRateLimiter(maxSubjects: 100, clock: { 0 })
        let gcra = GCRA(RateLimit(limit: 1, window: .seconds(60)))
        for number in 0..<10_000 { _ = local.decide([("key \(number)", gcra)]) }
        #expect(local.subjectCount == 100)
        #expect(!local.decide([("key 9999", gcra)])[0].isAllowed)
    }
}
