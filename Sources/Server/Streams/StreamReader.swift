import Cache
import Foundation
import NIOCore
import Tenancy

/// What a stream tells its client. When it does so is the same for all streams: see ``StreamPump``.
protocol StreamReader: Sendable {
    var feed: EventFeed { get }
    var line: StreamLine { get set }
    /// Why the stream is over; nil while it is not.
    var end: String? { get set }
    /// Whether live events were missed and what they said is still to be found out.
    var owesCatchUp: Bool { get set }

    /// Asks for the live events. What happens from then on is delivered.
    func subscribe() async -> FeedSubscription
    /// The subscription stands: tells what came since the client's cursor.
    mutating func begin() async throws
    /// Tells a live event.
    mutating func take(_ entry: FeedEntry) async throws
    /// Live events were missed: finds out what they said.
    mutating func catchUp() async throws
    /// Asks the store whether something was missed.
    mutating func poll() async throws
}

extension StreamReader {
    /// After how many milliseconds a client connects again that lost its connection.
    private static var retryMilliseconds: Int { 1_000 }

    /// The first thing after the subscription.
    /// - Throws: when the client is gone.
    mutating func start() async throws {
        line.frames.retry(milliseconds: Self.retryMilliseconds)
        try await line.flush()
        try await begin()
        try await line.flush()
        if let end { try await line.end(end) }
    }

    /// Tells what was delivered and looks after what is due.
    /// - Parameter deliveries: nil when the feed is shut down.
    /// - Throws: when the client is gone.
    mutating func step(_ deliveries: [FeedDelivery]?, _ signals: StreamSignals) async throws {
        if signals.contains(.gone) { throw CancellationError() }
        if signals.contains(.rights) { await checkRights() }
        if end == nil, let deliveries { try await take(deliveries) }
        if end == nil, signals.contains(.poll) { try await lookAfter() }
        if signals.contains(.beat), line.frames.isEmpty { line.frames.comment("") }
        if end == nil, deliveries == nil || signals.contains(.stopping) {
            end = "the server is stopping; connect again"
        }
        try await line.flush()
        if let end { try await line.end(end) }
    }

    private mutating func checkRights() async {
        if await !line.isAllowed() { end = "not allowed any more" }
    }

    private mutating func take(_ deliveries: [FeedDelivery]) async throws {
        for delivery in deliveries where end == nil {
            switch delivery {
            case .entry(let entry) where entry.event == .rightsChanged: await checkRights()
            case .entry(let entry): try await take(entry)
            case .resync:
                owesCatchUp = true
                if feed.isConnected { try await catchUp() }
            }
            if line.frames.isLarge { try await line.flush() }
        }
    }

    private mutating func lookAfter() async throws {
        if owesCatchUp, feed.isConnected { try await catchUp() } else { try await poll() }
    }
}

/// Redis does not answer, as opposed to the client.
struct RedisUnavailable: Error {}

extension FeedEvent {
    /// What a visitor's stream tells; a kind of event that is not known here may hold what is the company's alone.
    private static let visitorTypes: Set<String> = [
        "message.created", "message.updated", "message.deleted", "message.delta", "conversation.created",
        "conversation.updated", "conversation.deleted", "turn.started", "turn.reset", "turn.finished",
        "turn.failed", "typing",
    ]

    /// Whether the caller's stream tells it, as far as the audience allows.
    func isShown(to scope: TenantScope) -> Bool { scope.customerId == nil || Self.visitorTypes.contains(type) }

    /// Whether it is about the moment alone: such events are not told later, and move no cursor.
    var isPassing: Bool {
        type == "typing" || type == "presence" || type == "message.delta" || type.hasPrefix("turn.")
            || type.hasPrefix("tool.")
    }
}
