import Cache
import Foundation
import NIOCore
import ServiceLifecycle

/// What a stream tells its client. The loop around it is the same for all streams.
protocol StreamReader {
    var feed: EventFeed { get }
    var line: StreamLine { get set }
    /// Why the stream is over; nil while it is not.
    var end: String? { get set }
    /// Whether live events were missed and what they said is still to be found out.
    var owesCatchUp: Bool { get set }

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
    /// The most bytes that are gathered before they are written.
    private static var gathered: Int { 64 * 1024 }
    /// After how many milliseconds a client connects again that lost its connection.
    private static var retryMilliseconds: Int { 1_000 }

    /// Serves the stream until the client is gone, the caller must not read on, or the server stops.
    /// - Throws: when the client is gone.
    mutating func run(_ subscription: FeedSubscription, on channel: any Channel) async throws {
        let ticket = line.ticket
        ticket.attach(subscription, channel)
        defer { ticket.detach() }
        line.frames.retry(milliseconds: Self.retryMilliseconds)
        try await line.flush()
        try await begin()
        try await line.flush()
        var deliveries = subscription.makeAsyncIterator()
        while end == nil {
            guard let delivery = await deliveries.next() else {
                end = "the server is stopping; connect again"
                break
            }
            let signals = ticket.takeSignals()
            if signals.contains(.gone) { throw CancellationError() }
            if signals.contains(.rights) { await checkRights() }
            if end == nil { try await take([delivery] + subscription.takeQueued()) }
            if end == nil, signals.contains(.poll) { try await lookAfter() }
            if signals.contains(.beat), line.frames.isEmpty { line.frames.comment("") }
            if end == nil, signals.contains(.stopping) { end = "the server is stopping; connect again" }
            try await line.flush()
        }
        try await line.end(end ?? "")
    }

    mutating func checkRights() async {
        if await !line.isAllowed() { end = "not allowed any more" }
    }

    private mutating func take(_ deliveries: [FeedDelivery]) async throws {
        for delivery in deliveries where end == nil {
            switch delivery {
            case .nudge: break
            case .entry(let entry) where entry.event == .rightsChanged: await checkRights()
            case .entry(let entry): try await take(entry)
            case .resync:
                owesCatchUp = true
                if feed.isConnected { try await catchUp() }
            }
            if line.frames.bytes.count > Self.gathered { try await line.flush() }
        }
    }

    private mutating func lookAfter() async throws {
        if owesCatchUp, feed.isConnected { try await catchUp() } else { try await poll() }
    }
}

extension FeedEvent {
    /// Whether it is about the moment alone: such events are not told later, and move no cursor.
    var isPassing: Bool { type == "typing" || type == "presence" || type == "message.delta" || type.hasPrefix("turn.") }
}
