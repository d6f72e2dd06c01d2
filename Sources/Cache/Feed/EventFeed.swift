import Foundation
import Logging
import Redis
import ServiceLifecycle
import Tenancy

/// The feed of each company: a capped stream in Redis which every process writes to and reads from.
///
/// The feed is a hurry-up call, not a record: what happened is in the stores. Events may be lost while Redis is away,
/// and readers are told so (`resync`).
public final class EventFeed: Sendable, Service {
    /// How many entries a stream keeps at least; a little more at most.
    static let streamLength = 10_000
    /// About how many bytes its events have at most.
    static let streamBytes = 8 << 20
    /// How long a feed is kept on which nothing happens. Who comes back later looks for themselves, as after a gap.
    static let lifetimeInSeconds = 86_400

    private let client: RedisClient
    private let writer: FeedWriter
    private let tail: FeedTail

    /// - Parameters:
    ///   - maxQueuedEvents: how many events may wait to be written.
    ///   - maxQueuedBytes: how many bytes their data may have together.
    public init(
        client: RedisClient, logger: Logger, maxQueuedEvents: Int = 10_000, maxQueuedBytes: Int = 32 << 20
    ) {
        self.client = client
        writer = FeedWriter(client: client, logger: logger, maxEvents: maxQueuedEvents, maxBytes: maxQueuedBytes)
        tail = FeedTail(client: client, logger: logger)
    }

    /// Puts an event on the company's feed, in the background. Never waits and never fails: when Redis is away or the
    /// queue is full the event is dropped, and readers get a `resync` as soon as Redis is back.
    public func publish(_ event: FeedEvent, scope: TenantScope) { writer.publish(event, company: scope.companyId) }

    /// Tells every stream of a company, on all processes, to check whether its caller still may: delivered to all
    /// readers, whoever they are, as ``FeedEvent/rightsChanged``. Takes the bare id, as invalidation does.
    public func publishRightsChanged(companyId: UUID) { writer.publish(.rightsChanged, company: companyId) }

    /// Whether Redis can be reached now; if not, live events do not come.
    public var isConnected: Bool { client.isConnected }

    /// Waits until what was published is written or given up.
    public func flush() async { await writer.flush() }

    /// Entries after a place, oldest first, of which the caller sees those meant for it.
    /// - Parameters:
    ///   - id: nil for the beginning of what is kept.
    ///   - limit: 1 to 1,000.
    /// - Throws: ``RedisError``, `CancellationError`.
    public func read(scope: TenantScope, after id: FeedID?, limit: Int) async throws -> FeedPage {
        let page = try await FeedReader(client: client)
            .read(scope.companyId, after: id ?? .zero, limit: min(max(limit, 1), 1_000))
        return FeedPage(
            entries: page.entries.filter { $0.event.isForClients && $0.event.audience.includes(scope.caller) },
            tooOld: page.tooOld,
            lastId: page.lastId, isEnd: page.isEnd)
    }

    /// The place of the newest entry. An empty feed gets a first one, which nobody is shown.
    /// - Throws: ``RedisError``, `CancellationError`.
    public func lastId(scope: TenantScope) async throws -> FeedID {
        let last = try await FeedReader(client: client).lastId(scope.companyId)
        guard last == .zero else { return last }
        let replies = try await client.send(
            batch: [FeedWriter.command(scope.companyId, .beginning), FeedWriter.renew(scope.companyId)])
        guard let first = try replies[0].get().string.flatMap({ FeedID($0) }) else {
            throw RedisError.unexpectedReply(expected: "the id of an entry")
        }
        return first
    }

    /// The live events of a company from now on, those meant for the caller, for one reader; perhaps a few from just
    /// before, so compare ids.
    ///
    /// Everything published after this function has returned is delivered, or else a `resync`: after a lost
    /// connection, and when more than `buffer` events wait to be read. Ends when the returned value is let go.
    /// - Parameter conversationId: only events of this conversation; those of others cost the reader nothing.
    public func subscribe(
        scope: TenantScope, conversationId: UUID? = nil, buffer: Int = 256
    ) async -> FeedSubscription {
        await tail.subscribe(scope.companyId, conversationId, scope.caller, buffer: buffer)
    }

    /// Writes what is queued, within two seconds, and ends all subscriptions.
    public func shutdown() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.writer.flush() }
            group.addTask { try? await Task.sleep(for: .seconds(2)) }
            await group.next()
            group.cancelAll()
        }
        tail.close()
    }

    /// Waits for the graceful shutdown of the service group and then shuts down.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }
}
