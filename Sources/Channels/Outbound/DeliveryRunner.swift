import AsyncHTTPClient
public import Conversations
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization
import Tenancy

/// Sends what agents, members and notices say to customers on WhatsApp and by e-mail, once.
///
/// A message is its own outbox until it is handed over to the one in Postgres (``DeliveryHandover``); from there entries are
/// claimed, in any number of processes. A claim is noted before anything is sent, so that a process which dies leaves an
/// entry of which it is not known whether it was sent; what that means is decided by the kind of channel.
public final class DeliveryRunner: Service {
    /// Conversations that wait to be looked at; beyond that the sweep finds them.
    static let waitingLanes = 10_000

    private struct State {
        var lanes: Set<ConversationPlace> = []
        var sending = 0
    }

    private let stores: ChannelStores
    private let conversations: ConversationStore
    private let configuration: ChannelConfiguration
    private let handover: DeliveryHandover
    private let display: DeliveryDisplay
    private let senders: [Channel.Kind: any ChannelSender]
    private let client: HTTPClient
    private let logger: Logger
    private let state = Mutex(State())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// A runner; ``run()`` must run for anything to be sent. End it with ``shutdown()``.
    public init(
        stores: ChannelStores, conversations: ConversationStore,
        configuration: ChannelConfiguration = ChannelConfiguration(), logger: Logger
    ) {
        self.stores = stores
        self.conversations = conversations
        self.configuration = configuration
        self.logger = logger
        client = ProviderHTTP.makeClient()
        let http = ProviderHTTP(client: client, timeout: configuration.timeout)
        senders = [
            .whatsapp: WhatsAppSender(http: http, graphURL: configuration.graphURL),
            .email: PostmarkSender(http: http, url: configuration.postmarkURL, stores: stores),
        ]
        handover = DeliveryHandover(stores: stores, conversations: conversations, configuration: configuration)
        display = DeliveryDisplay(stores: stores, conversations: conversations, logger: logger)
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Closes the connections.
    public func shutdown() async { try? await client.shutdown() }

    /// Hears of what happened in a conversation; quick, and never waits.
    public func hear(_ event: ConversationEvent) {
        guard case .messagesAppended(let messages) = event.change,
            messages.contains(where: { $0.message.delivery?.state == .pending })
        else { return }
        let place = ConversationPlace(companyId: event.companyId, conversationId: event.conversationId)
        state.withLock { state in
            if state.lanes.count < Self.waitingLanes { state.lanes.insert(place) }
        }
        wake()
    }

    /// Looks for work soon.
    public func wake() { signal.yield() }

    /// Works until the service group shuts down.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.pollUntilShutdown() }
            group.addTask { await self.sweepUntilShutdown() }
            for await _ in signals.cancelOnGracefulShutdown() {
                for place in nextLanes() { group.addTask { await self.handOver(place) } }
                for entry in await claim() {
                    group.addTask {
                        await self.send(entry)
                        self.state.withLock { $0.sending -= 1 }
                        // The next of the same conversation may be waiting for just this.
                        self.wake()
                    }
                }
            }
        }
    }

    // MARK: Looking for work

    private func nextLanes() -> [ConversationPlace] {
        let (some, isMore) = state.withLock { state in
            let some = Array(state.lanes.prefix(64))
            state.lanes.subtract(some)
            return (some, !state.lanes.isEmpty)
        }
        if isMore { wake() }
        return some
    }

    private func handOver(_ place: ConversationPlace) async {
        do {
            let scope = TenantScope.forJob(companyId: place.companyId)
            if try await handover.handOver(place.conversationId, scope) { wake() }
        } catch is DeliveryCrash {
            return
        } catch {
            logger.warning("messages are put into the outbox later", metadata: ["error": "\(error)"])
        }
    }

    private func claim() async -> [OutboxEntry] {
        let free = configuration.sendsAtOnce - state.withLock { $0.sending }
        guard free > 0 else { return [] }
        do {
            let entries = try await stores.outbox.due(
                limit: free, perChannel: configuration.sendsPerChannel, lease: configuration.timeout.seconds + 30,
                wait: configuration.ambiguousWait.seconds)
            state.withLock { $0.sending += entries.count }
            return entries
        } catch {
            logger.warning("looking for what is to be sent failed", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func pollUntilShutdown() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.wake()
                try? await Task.sleep(for: self.configuration.pollInterval)
            }
        }
    }

    private func sweepUntilShutdown() async {
        await cancelWhenGracefulShutdown {
            var nextPruning = ContinuousClock.now
            while !Task.isCancelled {
                await self.sweep()
                if ContinuousClock.now >= nextPruning {
                    _ = try? await self.stores.outbox.prune()
                    nextPruning = ContinuousClock.now + .seconds(600)
                }
                try? await Task.sleep(for: self.configuration.sweepInterval)
            }
        }
    }

    /// What dead processes left behind: messages nobody took up, and such as do not show how they fare.
    func sweep() async {
        do {
            let age = configuration.sweepAge.seconds
            let left = try await conversations.conversationsWithPendingDelivery(
                before: Date().addingTimeInterval(-age))
            for place in left { await handOver(place) }
            for left in try await stores.outbox.unshown(olderThan: age) {
                await display.show(left.messageId, in: left.conversationId, .forJob(companyId: left.companyId))
            }
        } catch {
            logger.warning("sweeping the outbox failed", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Sending

    /// How often it may stay unknown whether an entry was sent.
    private static let maximumUnknowns = 2
    /// After how many seconds a channel that is paused or switched off is looked at again.
    private static let pausedSeconds = 60.0

    func send(_ entry: OutboxEntry) async {
        do {
            try configuration.onStep(.claimed)
            guard let opened = try await stores.channels.opened(entry.scope, entry.channelId),
                let contact = try await stores.outbox.contact(of: entry),
                let sender = senders[opened.channel.kind], try await isWanted(entry)
            else { return try await stores.outbox.drop(entry) }
            guard opened.channel.enabled, opened.channel.status == .active else {
                return try await stores.outbox.postpone(
                    entry, after: Self.pausedSeconds, error: "the channel is paused")
            }
            guard entry.unknowns <= Self.maximumUnknowns else {
                return try await settle(
                    .failed(code: "unknown", "nobody knows whether it was sent: the provider did not answer"), entry,
                    opened)
            }
            let outcome = try await sender.send(entry, to: contact, over: opened)
            try configuration.onStep(.answered)
            try await settle(outcome, entry, opened)
        } catch is DeliveryCrash {
            return
        } catch {
            // The claim ends by itself, and the entry is claimed again.
            logger.warning(
                "a message to a customer is sent later",
                metadata: ["entry": "\(entry.id.lowercased)", "error": "\(type(of: error)): \(error)"])
        }
    }

    /// Whether the message is still there.
    private func isWanted(_ entry: OutboxEntry) async throws -> Bool {
        do {
            return try await conversations.message(entry.messageId, of: entry.conversationId, in: entry.scope)
                .deletedAt == nil
        } catch is NotFound {
            return false
        }
    }

    private func settle(_ outcome: SendOutcome, _ entry: OutboxEntry, _ opened: OpenedChannel) async throws {
        let outbox = stores.outbox
        switch outcome {
        case .sent(let providerId):
            try await outbox.sent(entry, providerId: providerId)
            if opened.channel.lastError != nil {
                try await stores.channels.note(entry.scope, entry.channelId, error: nil)
            }
        case .again(let reason, let after):
            if entry.attempts >= configuration.attempts {
                try await outbox.fail(entry, code: nil, error: reason)
            } else {
                try await outbox.again(entry, after: max(after ?? 0, pause(entry.attempts)), error: reason)
            }
        case .unknown(let reason):
            try await outbox.unknown(entry, after: configuration.ambiguousWait.seconds, error: reason)
        case .failed(let code, let reason): try await outbox.fail(entry, code: code, error: reason)
        case .held: try await outbox.hold(entry, withTemplate: opened.channel.template != nil)
        case .paused(let reason):
            try await stores.channels.note(entry.scope, entry.channelId, error: reason, pauses: true)
            try await outbox.postpone(entry, after: Self.pausedSeconds, error: reason)
            logger.warning(
                "a channel is paused", metadata: ["channel": "\(entry.channelId.lowercased)", "reason": "\(reason)"])
        }
        try configuration.onStep(.recorded)
        await display.show(entry.messageId, in: entry.conversationId, entry.scope)
    }

    private func pause(_ attempts: Int) -> Double {
        let pause = configuration.firstPause.seconds * Double(1 << min(max(attempts - 1, 0), 20))
        return min(pause, configuration.longestPause.seconds) * Double.random(in: 0.8...1.2)
    }
}
