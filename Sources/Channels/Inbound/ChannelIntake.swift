public import Agents
public import Conversations
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization
import Tenancy

/// Works off what webhooks told: customers' messages into their conversations, word of our own messages to those.
///
/// The webhook has kept an event in Postgres before it was answered; this claims events, in any number of processes, and
/// gives them back when a store is away. Working one off twice changes nothing.
public final class ChannelIntake: Service {
    private let stores: ChannelStores
    private let posting: InboundPosting
    private let mails: MailPosting
    private let place: ContactPlace
    private let statuses: StatusWork
    private let configuration: ChannelConfiguration
    private let logger: Logger
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let busy = Mutex(0)

    /// An intake; ``run()`` must run for events to be worked off.
    /// - Parameters:
    ///   - onControl: hears that control of a conversation of this company changed.
    ///   - onReopened: hears that what was held back may be sent now.
    public init(
        stores: ChannelStores, conversations: ConversationStore, turns: TurnRunner,
        configuration: ChannelConfiguration = ChannelConfiguration(), logger: Logger,
        onControl: @escaping @Sendable (UUID) async -> Void = { _ in },
        onReopened: @escaping @Sendable () -> Void = {}
    ) {
        self.stores = stores
        self.configuration = configuration
        self.logger = logger
        posting = InboundPosting(
            stores: stores, conversations: conversations, turns: turns, configuration: configuration,
            onControl: onControl)
        mails = MailPosting(stores: stores, posting: posting, conversations: conversations)
        place = ContactPlace(contacts: stores.contacts, conversations: conversations)
        statuses = StatusWork(
            stores: stores, display: DeliveryDisplay(stores: stores, conversations: conversations, logger: logger),
            configuration: configuration, onReopened: onReopened)
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Looks for events soon.
    public func wake() { signal.yield() }

    /// Works until the service group shuts down.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.pollUntilShutdown() }
            for await _ in signals.cancelOnGracefulShutdown() {
                let free = configuration.eventsAtOnce - busy.withLock { $0 }
                guard free > 0 else { continue }
                for event in await due(limit: free) {
                    busy.withLock { $0 += 1 }
                    group.addTask {
                        await self.work(event)
                        self.busy.withLock { $0 -= 1 }
                        // The next of the same lane may be waiting for just this.
                        self.wake()
                    }
                }
            }
        }
    }

    private func pollUntilShutdown() async {
        await cancelWhenGracefulShutdown {
            var nextPruning = ContinuousClock.now
            while !Task.isCancelled {
                self.wake()
                if ContinuousClock.now >= nextPruning {
                    _ = try? await self.stores.events.prune()
                    nextPruning = ContinuousClock.now + .seconds(600)
                }
                try? await Task.sleep(for: self.configuration.pollInterval)
            }
        }
    }

    private func due(limit: Int) async -> [ChannelEvent] {
        do { return try await stores.events.due(limit: limit) } catch {
            logger.warning("looking for events of channels failed", metadata: ["error": "\(error)"])
            return []
        }
    }

    // MARK: One event

    func work(_ event: ChannelEvent) async {
        do {
            if let wait = try await carryOut(event) {
                return try await stores.events.again(event, after: wait, error: nil)
            }
            try await stores.events.done(event)
        } catch is DeliveryCrash {
            return
        } catch {
            logger.warning(
                "an event of a channel is worked off later",
                metadata: [
                    "channel": "\(event.channelId.lowercased)", "event": "\(event.number)",
                    "error": "\(type(of: error)): \(error)",
                ])
            let pause = min(configuration.firstPause.seconds * pow(2, Double(min(event.attempts, 12) - 1)), 600)
            try? await stores.events.again(event, after: pause, error: "\(type(of: error))")
        }
    }

    /// - Returns: after how many seconds to look again; nil when it is done.
    private func carryOut(_ event: ChannelEvent) async throws -> Double? {
        guard let channel = try await stores.channels.find(event.scope, event.channelId) else { return nil }
        switch event.kind {
        case .message: try await take(WhatsAppMessage(event.payload, receivedAt: event.receivedAt), event, channel)
        case .identity:
            guard let old = event.payload["previous"]?.stringValue, let new = event.payload["current"]?.stringValue
            else { return nil }
            try await stores.contacts.replace(
                event.scope, channel, ContactIdentity(kind: .bsuid, value: old), by: new, at: event.receivedAt)
        case .status: return try await statuses.apply(event, channel)
        case .mail:
            guard let mail = InboundMail(event.payload),
                let opened = try await stores.channels.opened(event.scope, channel.id)
            else { return nil }
            try await mails.take(mail, event, opened)
        }
        return nil
    }

    private func take(_ message: WhatsAppMessage, _ event: ChannelEvent, _ channel: Channel) async throws {
        if let change = message.changedNumber {
            return try await stores.contacts.replace(
                event.scope, channel, ContactIdentity(kind: .waId, value: change.old), by: change.new, at: change.at)
        }
        guard let inbound = message.inbound else { return }
        let contact = try await stores.contacts.resolve(event.scope, channel, inbound.author)
        try await posting.post(inbound, of: event, from: contact, over: channel) {
            try await place.open(contact, channel.kind)
        }
        // Afterwards: whoever reads that the window is open finds the message that opened it.
        try await statuses.opened(contact, at: inbound.author.seenAt)
    }
}
