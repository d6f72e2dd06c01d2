import Conversations
import Crypto
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Tenancy

/// Tells companies' programs what happened, at least once, and what happened to a conversation in its order.
///
/// 1. A change carries its mark (``News``), written with it.
/// 2. Marks become rows of `webhook_deliveries`, one for each webhook that wants the event, under ids that follow from
///    the change; then the marks go. Whoever dies in between leaves marks, and another process does it again to no effect.
/// 3. Rows are claimed and sent. Who dies with a claim leaves it to the next one, a minute later.
///
/// Redis has no part in it. Without webhooks nothing is asked but, every two seconds, whether there are any.
final class WebhookRunner: Service {
    /// How often is looked for what other processes marked, and for what is due.
    static let interval = Duration.seconds(1)
    /// Deliveries at once in this process.
    static let places = 32
    /// How often marks are looked for that nobody wants any more, and old deliveries given up and forgotten.
    static let sweepInterval = Duration.seconds(60)

    private let watched: WatchedCompanies
    private let conversations: ConversationStore
    private let deliveries: WebhookDeliveryStore
    private let sender: WebhookSender
    private let logger: Logger
    /// How many deliveries of each webhook are being sent.
    private let running = Mutex<[UUID: Int]>([:])
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(
        watched: WatchedCompanies, conversations: ConversationStore, deliveries: WebhookDeliveryStore,
        sender: WebhookSender, logger: Logger
    ) {
        self.watched = watched
        self.conversations = conversations
        self.deliveries = deliveries
        self.sender = sender
        self.logger = logger
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Looks soon. Never waits; costs nothing for companies without webhooks.
    func wake(_ companyId: UUID) { if watched.contains(companyId) { signal.yield() } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.refreshUntilCancelled() }
                group.addTask { await self.sweepUntilCancelled() }
                group.addTask { await self.pollUntilCancelled() }
                for await _ in self.signals {
                    guard !self.watched.isEmpty else { continue }
                    await self.attempt("noting what happened") { try await self.noteNews() }
                    await self.attempt("looking for deliveries") { try await self.claim(&group) }
                }
            }
        }
    }

    private func refreshUntilCancelled() async {
        while !Task.isCancelled {
            await watched.refresh()
            try? await Task.sleep(for: WatchedCompanies.interval)
        }
    }

    private func pollUntilCancelled() async {
        while !Task.isCancelled {
            signal.yield()
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func sweepUntilCancelled() async {
        while !Task.isCancelled {
            // Also without webhooks: marks are left when the last one was removed.
            await attempt("noting what was left") { try await self.noteNews() }
            if !watched.isEmpty { await attempt("sweeping deliveries") { try await self.deliveries.sweep() } }
            try? await Task.sleep(for: Self.sweepInterval)
        }
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do { try await body() } catch {
            if !Task.isCancelled { logger.warning("\(what) failed", metadata: ["error": "\(error)"]) }
        }
    }

    // MARK: Marks become deliveries

    private func noteNews() async throws {
        while !Task.isCancelled {
            let news = try await conversations.news()
            guard !news.isEmpty else { return }
            var noted: [News] = []
            for (companyId, own) in Dictionary(grouping: news, by: \.companyId) {
                await attempt("noting a company's news") {
                    try await deliveries.add(companyId, own.flatMap(\.webhookNews))
                    noted += own
                }
            }
            try await conversations.settle(noted)
            guard noted.count >= ConversationStore.newsAtOnce else { return }
        }
    }

    // MARK: Sending

    private func claim(_ group: inout DiscardingTaskGroup) async throws {
        let (free, busy) = running.withLock { running in
            (
                Self.places - running.values.reduce(0, +),
                running.filter { $0.value >= WebhookDeliveryStore.atOnce }.map(\.key)
            )
        }
        guard free > 0 else { return }
        for claimed in try await deliveries.claim(limit: free, busy: busy) {
            running.withLock { $0[claimed.delivery.webhookId, default: 0] += 1 }
            group.addTask {
                await self.sender.deliver(claimed)
                self.leave(claimed.delivery.webhookId)
            }
        }
    }

    private func leave(_ webhookId: UUID) {
        running.withLock { running in
            running[webhookId] = running[webhookId].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        // The conversation's next one may be waiting for just this.
        signal.yield()
    }
}

extension News {
    /// What is noted for webhooks. Ids follow from the change, so that noting it twice is noting it once.
    var webhookNews: [WebhookNews] {
        entries.map { entry in
            let subject = messageId ?? conversationId
            let event: WebhookEvent
            let id: UUID
            switch entry.kind {
            case .created:
                event = messageId == nil ? .conversationCreated : .messageCreated
                id = subject
            case .updated:
                event = messageId == nil ? .conversationUpdated : .messageUpdated
                id = entry.id ?? subject.following("updated")
            case .deleted:
                event = messageId == nil ? .conversationDeleted : .messageDeleted
                id = subject.following("deleted")
            }
            return WebhookNews(
                id: id, event: event, conversationId: conversationId, messageId: messageId, at: entry.at)
        }
    }
}

extension UUID {
    /// An id that follows from this one (RFC 9562, version 8).
    fileprivate func following(_ purpose: String) -> UUID {
        var bytes = Array(SHA256.hash(data: Array("\(lowercased) \(purpose)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return NSUUID(uuidBytes: bytes) as UUID
    }
}
