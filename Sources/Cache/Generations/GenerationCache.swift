import Foundation
import Logging
import Metrics
import Redis
import Synchronization
import Tenancy

/// A read-through cache: a copy in this process, one in Redis behind it, the database behind that.
///
/// Validity goes by generations: see ``CacheGenerations``. A reader that loads an old row while somebody changes it
/// files it under a generation that nobody asks for any more. While Redis is away (no generations) only this
/// process caches, for one second, and nothing of kind ``CacheKind/auth``.
public final class GenerationCache: Sendable {
    private struct Flight: Hashable {
        let key: LocalCopies.Key
        let generation: String
    }

    /// How long a copy in this process is used while Redis is away.
    private static let lifetimeWhileAway = Duration.seconds(1)
    /// How long a copy in this process is used at most.
    private static let longestLocalLifetime = Duration.seconds(10)

    private let client: RedisClient
    private let calls: LimiterCalls
    private let copies: LocalCopies
    private let pending: PendingInvalidations
    private let flights = Mutex<[Flight: Task<(any Sendable)?, any Error>]>([:])
    private let invalidations = Atomic<Int>(0)
    private let localHits = Counter(label: "switchboard_cache_reads_total", dimensions: [("answer", "process")])
    private let redisHits = Counter(label: "switchboard_cache_reads_total", dimensions: [("answer", "redis")])
    private let misses = Counter(label: "switchboard_cache_reads_total", dimensions: [("answer", "database")])

    /// - Parameter maxLocalBytes: about how much memory the copies in this process may take.
    public convenience init(client: RedisClient, logger: Logger, maxLocalBytes: Int = 32 << 20) {
        self.init(client: client, logger: logger, maxLocalBytes: maxLocalBytes, now: { .now })
    }

    init(
        client: RedisClient, logger: Logger, maxLocalBytes: Int, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.client = client
        calls = LimiterCalls(client: client, clock: nil)
        copies = LocalCopies(maxBytes: maxLocalBytes, now: now)
        pending = PendingInvalidations(client: client, logger: logger)
    }

    /// The cached value, or the loaded one. Concurrent readers of the same value share one look-up.
    /// - Parameters:
    ///   - id: names the value within its sort and company.
    ///   - generations: as the limiter told them when the request began; nil when Redis is away.
    ///   - load: reads the database; nil, which is not cached, when there is nothing. Runs to its end even when
    ///     the caller is cancelled, because others may wait for it.
    /// - Throws: what `load` throws. Redis being away is no error.
    nonisolated(nonsending) public func read<Value: Sendable>(
        _ sort: Cached<Value>, id: String, scope: TenantScope, generations: CacheGenerations?,
        load: @escaping @Sendable () async throws -> Value?
    ) async throws -> Value? {
        try await read(sort, id: id, company: scope.companyId, generations: generations, load: load)
    }

    /// As ``read(_:id:scope:generations:load:)`` for what authentication looks up before there is a scope: sorts of
    /// kind ``CacheKind/auth``. Others are loaded and not cached.
    nonisolated(nonsending) public func read<Value: Sendable>(
        _ sort: Cached<Value>, id: String, authenticatingFor companyId: UUID, generations: CacheGenerations?,
        load: @escaping @Sendable () async throws -> Value?
    ) async throws -> Value? {
        guard sort.kind == .auth else { return try await load() }
        return try await read(sort, id: id, company: companyId, generations: generations, load: load)
    }

    /// As ``read(_:id:authenticatingFor:generations:load:)``, looking into `slot` first.
    nonisolated(nonsending) public func read<Value: Sendable>(
        _ sort: Cached<Value>, id: String, in slot: CacheSlot<Value>, authenticatingFor companyId: UUID,
        generations: CacheGenerations?, load: @escaping @Sendable () async throws -> Value?
    ) async throws -> Value? {
        let generation = pending.contains(companyId, sort.kind) ? nil : generations?[sort.kind]
        if let generation, let value = slot.value(generation) {
            localHits.increment()
            return value
        }
        let value = try await read(
            sort, id: id, authenticatingFor: companyId, generations: generations, load: load)
        if let generation, let value { slot.keep(value, generation) }
        return value
    }

    /// The company's generations as they are now, for work that no request brings along: turns, jobs. Costs one call of
    /// Redis; nil while Redis is away.
    public func generations(_ scope: TenantScope) async -> CacheGenerations? {
        try? await calls.ask(PreparedLimits(companyId: scope.companyId, []), editionOf: nil).generations
    }

    nonisolated(nonsending) private func read<Value: Sendable>(
        _ sort: Cached<Value>, id: String, company companyId: UUID, generations: CacheGenerations?,
        load: @escaping @Sendable () async throws -> Value?
    ) async throws -> Value? {
        let shared = pending.contains(companyId, sort.kind) ? nil : generations?[sort.kind]
        // While Redis is away every invalidation of this process ends all copies made until then.
        let generation = shared ?? "away \(invalidations.load(ordering: .acquiring))"
        let key = LocalCopies.Key(company: companyId, kind: sort.kind, name: sort.name, id: id)
        if let value = copies.value(key, generation: generation, as: Value.self) {
            localHits.increment()
            return value
        }
        let flight = Flight(key: key, generation: generation)
        let task = flights.withLock { flights in
            if let task = flights[flight] { return task }
            let task = Task<(any Sendable)?, any Error> {
                defer { self.flights.withLock { $0[flight] = nil } }
                return try await self.fetch(sort, key: key, generation: generation, isShared: shared != nil, load: load)
            }
            flights[flight] = task
            return task
        }
        return try await task.value as? Value
    }

    /// Makes everything cached of these kinds invalid on all processes. Call it after the commit in the database.
    ///
    /// Returns when Redis has taken it, or was found to be away: then it is tried again until it is taken, and this
    /// process caches nothing of these kinds in the meantime. Also goes through when the caller is cancelled.
    /// Takes the bare id, because what a person changes (a password) may touch several companies.
    public func invalidate(companyId: UUID, _ kinds: Set<CacheKind>) async {
        guard !kinds.isEmpty else { return }
        invalidations.add(1, ordering: .acquiringAndReleasing)
        await Task {
            do {
                try await PendingInvalidations.renew(companyId, kinds, on: client)
            } catch {
                pending.add(companyId, kinds)
            }
        }.value
    }

    private func fetch<Value: Sendable>(
        _ sort: Cached<Value>, key: LocalCopies.Key, generation: String, isShared: Bool,
        load: @Sendable () async throws -> Value?
    ) async throws -> Value? {
        let name = CacheKeys.value(
            key.company, generation: generation, kind: key.kind, id: "\(key.name):\(key.id)")
        let lifetime = min(sort.timeToLive, Self.longestLocalLifetime)
        if isShared, let bytes = try? await client.send(["GET", .text(name)]).bytes,
            let value = try? sort.decode(bytes)
        {
            redisHits.increment()
            copies.keep(value, key, generation: generation, for: lifetime, bytes: bytes.count)
            return value
        }
        misses.increment()
        guard let value = try await load() else { return nil }
        guard isShared || sort.kind != .auth else { return value }
        let bytes = sort.encode(value)
        if isShared {
            let milliseconds = max(1, Int(sort.timeToLive / .milliseconds(1)))
            // Not waited for: if it is lost, the next reader loads again.
            try? client.post(["SET", .text(name), .bytes(bytes), "PX", .integer(milliseconds)])
        }
        copies.keep(
            value, key, generation: generation, for: isShared ? lifetime : Self.lifetimeWhileAway, bytes: bytes.count)
        return value
    }
}
