import Cache
import Foundation
import JSON
import ServiceLifecycle
import Synchronization
import Tenancy

/// Knows who of a company's people is here: whoever has a stream open on any process. Tells the company's feed when that
/// changes. One task for all of it.
final class PresenceKeeper: Service {
    /// Changes are gathered for so long.
    private static let pace = Duration.milliseconds(250)
    /// A person whose streams have closed counts as here for so long: most come back at once.
    private static let grace = Duration.seconds(3)
    /// So many rounds of ``pace`` pass between two renewals: a third of an entry's lifetime.
    private static let renewal = 60
    /// The same between two looks for those whose grace is over.
    private static let look = 4

    private let store: PresenceStore
    private let feed: EventFeed
    private let process = UUID()
    private let book = Mutex(PresenceBook())

    init(store: PresenceStore, feed: EventFeed) {
        self.store = store
        self.feed = feed
    }

    func open(_ stream: PresenceBook.Stream) { book.withLock { $0.open(stream) } }
    func close(_ stream: PresenceBook.Stream) { book.withLock { $0.close(stream) } }

    /// Everybody of the company who is here; while Redis is away, as far as this process knows.
    func people(in scope: TenantScope) async -> [Presence] {
        if let entries = try? await store.read(companyId: scope.companyId) { return Presence.all(entries) }
        return Presence.all(Set(book.withLock { $0.streams(of: scope.companyId) }.map(entry)))
    }

    /// Works until the service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var leaving: [UUID: ContinuousClock.Instant] = [:]
            for round in 1... {
                guard (try? await Task.sleep(for: Self.pace)) != nil else { break }
                for (companyId, change) in self.book.withLock({ $0.takeChanges() }) {
                    try? await self.note(
                        companyId, come: change.come.map(self.entry), gone: change.gone.map(self.entry))
                    if !change.gone.isEmpty { leaving[companyId] = .now + Self.grace }
                }
                if round % Self.renewal == 0 { await self.renewAll() }
                guard round % Self.look == 0 else { continue }
                for companyId in leaving.keys where leaving[companyId].map({ $0 < .now }) ?? false {
                    leaving[companyId] = nil
                    try? await self.tellEnded(companyId)
                }
            }
        }
        // What this process knew ends soon; the people come back by another one, or are gone.
        for (companyId, streams) in book.withLock({ $0.all }) {
            try? await store.renew(streams.map(entry), for: Self.grace, companyId: companyId)
        }
    }

    private func entry(_ stream: PresenceBook.Stream) -> PresenceEntry {
        PresenceEntry(userId: stream.userId, conversationId: stream.conversationId, process: process)
    }

    private func note(_ companyId: UUID, come: [PresenceEntry], gone: [PresenceEntry]) async throws {
        let before = come.isEmpty ? [] : try await store.read(companyId: companyId)
        try await store.renew(come, companyId: companyId)
        try await store.renew(gone, for: Self.grace, companyId: companyId)
        tell(companyId, before: before, after: before.union(come), people: Set(come.map(\.userId)))
    }

    /// Entries of a process that was killed end here, too: everybody renews and looks.
    private func renewAll() async {
        for (companyId, streams) in book.withLock({ $0.all }) {
            try? await store.renew(streams.map(entry), companyId: companyId)
            try? await tellEnded(companyId)
        }
    }

    private func tellEnded(_ companyId: UUID) async throws {
        let ended = try await store.takeEnded(companyId: companyId)
        guard !ended.isEmpty else { return }
        let after = try await store.read(companyId: companyId)
        tell(companyId, before: after.union(ended), after: after, people: Set(ended.map(\.userId)))
    }

    private func tell(
        _ companyId: UUID, before: Set<PresenceEntry>, after: Set<PresenceEntry>, people: Set<UUID>
    ) {
        for userId in people {
            let now = Presence(of: userId, in: after)
            guard now != Presence(of: userId, in: before) else { continue }
            feed.publish(FeedEvent(type: "presence", payload: now.encoded), scope: .forJob(companyId: companyId))
        }
    }
}
