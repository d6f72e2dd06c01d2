import Foundation
import Logging
import Metrics
import Redis
import Synchronization

/// Invalidations that Redis did not take, because it was away. They are tried again until it does; until then this
/// process trusts nothing cached of these companies.
final class PendingInvalidations: Sendable {
    private struct Entry {
        var kinds: Set<CacheKind> = []
        var additions = 0
    }

    private struct State {
        var entries: [UUID: Entry] = [:]
        var isRetrying = false
    }

    private let client: RedisClient
    private let logger: Logger
    private let limit: Int
    private let state = Mutex(State())
    private let lost = Counter(label: "switchboard_cache_invalidations_lost_total")

    init(client: RedisClient, logger: Logger, limit: Int = 10_000) {
        self.client = client
        self.logger = logger
        self.limit = limit
    }

    func contains(_ company: UUID, _ kind: CacheKind) -> Bool {
        state.withLock { !$0.entries.isEmpty && $0.entries[company]?.kinds.contains(kind) == true }
    }

    func add(_ company: UUID, _ kinds: Set<CacheKind>) {
        let (isNew, isLost) = state.withLock { state in
            guard state.entries[company] != nil || state.entries.count < limit else { return (false, true) }
            state.entries[company, default: Entry()].kinds.formUnion(kinds)
            state.entries[company]?.additions += 1
            defer { state.isRetrying = true }
            return (!state.isRetrying, false)
        }
        if isLost {
            lost.increment()
            logger.warning("An invalidation was lost; cached values of a company may be old until they expire")
        }
        // Ends by itself as soon as all is done; holds this object until then.
        if isNew { Task { await self.retry() } }
    }

    private func retry() async {
        while let (company, entry) = next() {
            do {
                try await Self.renew(company, entry.kinds, on: client)
                state.withLock { state in
                    // What was added meanwhile may be younger than the new generations.
                    if state.entries[company]?.additions == entry.additions { state.entries[company] = nil }
                }
            } catch RedisError.shutDown {
                return
            } catch {
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func next() -> (UUID, Entry)? {
        state.withLock { state in
            guard let first = state.entries.first else {
                state.isRetrying = false
                return nil
            }
            return (first.key, first.value)
        }
    }

    /// Gives kinds of a company new generations.
    static func renew(_ company: UUID, _ kinds: Set<CacheKind>, on client: RedisClient) async throws {
        let key = RedisArgument.text(CacheKeys.generations(company))
        var command: [RedisArgument] = ["HSET", key]
        for kind in kinds { command += [.text(kind.rawValue), .text(CacheGenerations.random())] }
        let replies = try await client.send(
            batch: [command, ["EXPIRE", key, .integer(CacheGenerations.lifetimeInSeconds)]])
        for reply in replies { _ = try reply.get() }
    }
}
