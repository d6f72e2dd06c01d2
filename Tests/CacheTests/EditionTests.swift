import Foundation
import Redis
import Tenancy
import TestSupport
import Testing

@testable import Cache

@Suite(.timeLimit(.minutes(2))) struct EditionTests {
    func edition(_ client: RedisClient, _ scope: TenantScope, _ conversation: UUID) async throws -> String {
        let decision = await RateLimiter(client: client, logger: quiet)
            .check(companyId: scope.companyId, limits: [], editionOf: conversation)
        return try #require(decision.edition)
    }

    @Test func `an edition lasts until it is ended, and is never given out again`() async throws {
        try await RedisClient.withCompany { client, scope in
            let (one, other) = (UUID(), UUID())
            let editions = Editions(client: client, logger: quiet)
            let untouched = try await edition(client, scope, other)
            var seen: Set<String> = []
            for _ in 0..<20 {
                let first = try await edition(client, scope, one)
                #expect(seen.insert(first).inserted, "the edition was ended")
                #expect(try await edition(client, scope, one) == first)
                await editions.end([(scope.companyId, one)])
            }
            #expect(try await edition(client, scope, other) == untouched, "another conversation's")
        }
    }

    @Test func `many editions of many companies end in one call`() async throws {
        try await RedisClient.withCompany { client, first in
            try await RedisClient.withCompany { client, second in
                let places = [first, second].flatMap { scope in (0..<700).map { _ in (scope, UUID()) } }
                let watched = [places[0], places[699], places[1_399]]
                var before: [String] = []
                for (scope, id) in watched { before.append(try await edition(client, scope, id)) }
                await Editions(client: client, logger: quiet).end(places.map { ($0.companyId, $1) })
                for ((scope, id), old) in zip(watched, before) {
                    #expect(try await edition(client, scope, id) != old)
                }
            }
        }
    }

    @Test func `a value is found under its edition, part, conversation and company, and nowhere else`() {
        let cache = EditionCache<String, Int>()
        let (company, conversation) = (UUID(), UUID())
        cache.keep(1, conversation, companyId: company, part: "latest", edition: "a", bytes: 10)
        func value(
            _ part: String = "latest", _ edition: String = "a", of id: UUID? = nil, in other: UUID? = nil
        ) -> Int? {
            cache.value(id ?? conversation, companyId: other ?? company, part: part, edition: edition)
        }
        #expect(value() == 1)
        #expect(value("before") == nil)
        #expect(value("latest", "b") == nil)
        #expect(value(of: UUID()) == nil)
        #expect(value(in: UUID()) == nil)
    }

    @Test func `the values keep to their memory`() {
        let cache = EditionCache<String, Int>(maxBytes: 10_000)
        let company = UUID()
        let ids = (0..<100).map { _ in UUID() }
        for (number, id) in ids.enumerated() {
            cache.keep(number, id, companyId: company, part: "", edition: "a", bytes: 744)
        }
        let kept = ids.filter { cache.value($0, companyId: company, part: "", edition: "a") != nil }
        #expect(kept == ids.suffix(10))
        cache.keep(1, ids[0], companyId: company, part: "", edition: "a", bytes: 20_000)
        #expect(cache.value(ids[0], companyId: company, part: "", edition: "a") == nil, "larger than all memory")
    }

    @Test func `without Redis there is no edition`() async throws {
        let configuration = try RedisConfiguration(url: "redis://127.0.0.1:1")
        let client = RedisClient(configuration: configuration, logger: quiet)
        let decision = await RateLimiter(client: client, logger: quiet)
            .check(companyId: UUID(), limits: [], editionOf: UUID())
        #expect(decision.isLocal && decision.edition == nil)
        await Editions(client: client, logger: quiet).end([(UUID(), UUID())])
        await client.shutdown()
    }
}
