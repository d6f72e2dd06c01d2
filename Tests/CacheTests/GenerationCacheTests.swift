import Foundation
import Redis
import Tenancy
import TestSupport
import Testing

@testable import Cache

@Suite(.timeLimit(.minutes(2))) struct GenerationCacheTests {
    struct Broken: Error {}

    static func sort(_ kind: CacheKind) -> Cached<String> {
        Cached(kind, name: "text", timeToLive: .seconds(60), encode: { Array($0.utf8) }) { bytes in
            guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty else { throw Broken() }
            return text
        }
    }
    let products = Self.sort(.products)

    func generations(_ client: RedisClient, _ scope: TenantScope) async throws -> CacheGenerations {
        try #require(
            await RateLimiter(client: client, logger: quiet).check(companyId: scope.companyId, limits: []).generations)
    }

    @Test func `the database is asked once, then the process, then Redis for another process`() async throws {
        try await RedisClient.withCompany { client, scope in
            let loads = Tally()
            let known = try await generations(client, scope)
            for _ in 0..<2 {
                // A new cache is a new process.
                let cache = GenerationCache(client: client, logger: quiet)
                for _ in 0..<3 {
                    let value = try await cache.read(products, id: "1", scope: scope, generations: known) {
                        "loaded \(loads.add())"
                    }
                    #expect(value == "loaded 1")
                }
            }
            #expect(loads.value == 1)
        }
    }

    @Test func `many readers of one value share one look-up, and a cancelled one harms none`() async throws {
        try await RedisClient.withCompany { client, scope in
            let cache = GenerationCache(client: client, logger: quiet)
            let known = try await generations(client, scope)
            let (loads, gate) = (Tally(), Gate())
            let readers = (0..<50).map { _ in
                Task {
                    try await cache.read(products, id: "1", scope: scope, generations: known) {
                        loads.add()
                        await gate.pass()
                        try Task.checkCancellation()
                        return "value"
                    }
                }
            }
            try await eventually("the load began") { loads.value == 1 }
            readers[0].cancel()
            gate.open()
            for reader in readers.dropFirst() { #expect(try await reader.value == "value") }
            #expect(loads.value == 1)
        }
    }

    @Test func `an invalidation takes effect in the other process at once`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await RedisClient.with { otherClient in
                let mine = GenerationCache(client: client, logger: quiet)
                let other = GenerationCache(client: otherClient, logger: quiet)
                for version in ["one", "two", "three"] {
                    for _ in 0..<3 {
                        let known = try await generations(otherClient, scope)
                        #expect(
                            try await other.read(products, id: "1", scope: scope, generations: known) { version }
                                == version)
                    }
                    await mine.invalidate(companyId: scope.companyId, [.products])
                }
            }
        }
    }

    @Test func `only the kinds named and only that company become invalid`() async throws {
        try await RedisClient.withCompany { client, scope in
            let foreign = TenantScope.forJob(companyId: UUID())
            let before = try await generations(client, scope)
            let foreignBefore = try await generations(client, foreign)
            await GenerationCache(client: client, logger: quiet).invalidate(
                companyId: scope.companyId, [.products, .company])
            let after = try await generations(client, scope)
            #expect(CacheKind.allCases.filter { before[$0] != after[$0] } == [.company, .products])
            #expect(try await generations(client, foreign) == foreignBefore)
            try await CompanyKeys.removeAll(foreign, from: client)
        }
    }

    @Test func `a slow reader of an old row cannot bring it back`() async throws {
        try await RedisClient.withCompany { client, scope in
            let cache = GenerationCache(client: client, logger: quiet)
            let old = try await generations(client, scope)
            let (gate, loads) = (Gate(), Tally())
            let slow = Task {
                try await cache.read(products, id: "1", scope: scope, generations: old) {
                    loads.add()
                    await gate.pass()
                    return "old row"
                }
            }
            try await eventually("the old row was read") { loads.value == 1 }
            await cache.invalidate(companyId: scope.companyId, [.products])
            gate.open()
            #expect(try await slow.value == "old row")
            let new = try await generations(client, scope)
            for cache in [cache, GenerationCache(client: client, logger: quiet)] {
                #expect(
                    try await cache.read(products, id: "1", scope: scope, generations: new) { "new row" } == "new row")
            }
        }
    }

    @Test func `companies, sorts and ids do not mix`() async throws {
        try await RedisClient.withCompany { client, scope in
            let cache = GenerationCache(client: client, logger: quiet)
            let other = TenantScope.forJob(companyId: UUID())
            let known = try await generations(client, scope)
            // Even under the same generation.
            #expect(try await cache.read(products, id: "1", scope: scope, generations: known) { "a" } == "a")
            #expect(try await cache.read(products, id: "1", scope: other, generations: known) { "b" } == "b")
            #expect(try await cache.read(products, id: "2", scope: scope, generations: known) { "c" } == "c")
            #expect(try await cache.read(Self.sort(.company), id: "1", scope: scope, generations: known) { "d" } == "d")
            try await CompanyKeys.removeAll(other, from: client)
        }
    }

    @Test func `nothing, errors and undecodable values are not kept`() async throws {
        try await RedisClient.withCompany { client, scope in
            let known = try await generations(client, scope)
            let cache = GenerationCache(client: client, logger: quiet)
            #expect(try await cache.read(products, id: "1", scope: scope, generations: known) { nil } == nil)
            await #expect(throws: Broken.self) {
                try await cache.read(products, id: "1", scope: scope, generations: known) { throw Broken() }
            }
            #expect(try await cache.read(products, id: "1", scope: scope, generations: known) { "now" } == "now")
            let key = CacheKeys.value(scope.companyId, generation: known[.products], kind: .products, id: "text:2")
            _ = try await client.send(["SET", .text(key), .bytes([0xff]), "PX", 60_000])
            #expect(try await cache.read(products, id: "2", scope: scope, generations: known) { "loaded" } == "loaded")
        }
    }

    @Test func `without generations a copy lives one second, ends with an invalidation, and auth has none`()
        async throws
    {
        try await RedisClient.withCompany { client, scope in
            let (clock, loads) = (HandClock(), Tally())
            let cache = GenerationCache(client: client, logger: quiet, maxLocalBytes: 1 << 20) { clock.now }
            func read(_ kind: CacheKind) async throws -> String? {
                try await cache.read(Self.sort(kind), id: "1", scope: scope, generations: nil) { "\(loads.add())" }
            }
            var got = [try await read(.products), try await read(.products)]
            clock.advance(.milliseconds(1_001))
            got.append(try await read(.products))
            await cache.invalidate(companyId: scope.companyId, [.products])
            got.append(try await read(.products))
            got += [try await read(.auth), try await read(.auth)]
            #expect(got == ["1", "1", "2", "3", "4", "5"])
        }
    }

    @Test func `a local copy is not used for longer than ten seconds`() async throws {
        try await RedisClient.withCompany { client, scope in
            let clock = HandClock()
            let cache = GenerationCache(client: client, logger: quiet, maxLocalBytes: 1 << 20) { clock.now }
            let known = try await generations(client, scope)
            _ = try await cache.read(products, id: "1", scope: scope, generations: known) { "first" }
            try await CompanyKeys.removeAll(scope, from: client)
            #expect(try await cache.read(products, id: "1", scope: scope, generations: known) { "second" } == "first")
            clock.advance(.seconds(10))
            #expect(try await cache.read(products, id: "1", scope: scope, generations: known) { "second" } == "second")
        }
    }

    @Test func `an invalidation that Redis missed is made up for, and nothing old is read until then`() async throws {
        try await OwnRedis.with(isPersistent: true) { server in
            try await RedisClient.with(url: server.url) { client in
                let scope = TenantScope.forJob(companyId: UUID())
                let cache = GenerationCache(client: client, logger: quiet)
                let old = try await generations(client, scope)
                #expect(try await cache.read(products, id: "1", scope: scope, generations: old) { "old" } == "old")
                await server.kill()
                await cache.invalidate(companyId: scope.companyId, [.products])
                // Even for a request that began before.
                #expect(try await cache.read(products, id: "1", scope: scope, generations: old) { "new" } == "new")
                try await server.start()
                try await eventually("the generation changes") {
                    let known = await RateLimiter(client: client, logger: quiet).check(
                        companyId: scope.companyId, limits: [])
                    guard let known = known.generations else { return false }
                    return known[.products] != old[.products] && known[.auth] == old[.auth]
                }
            }
        }
    }

    @Test func `authentication may use only its own kind without a scope`() async throws {
        try await RedisClient.withCompany { client, scope in
            let cache = GenerationCache(client: client, logger: quiet)
            let known = try await generations(client, scope)
            let loads = Tally()
            for kind in [CacheKind.auth, .products] {
                for _ in 0..<2 {
                    _ = try await cache.read(
                        Self.sort(kind), id: "1", authenticatingFor: scope.companyId, generations: known
                    ) { "\(loads.add())" }
                }
            }
            #expect(loads.value == 3)
        }
    }
}
