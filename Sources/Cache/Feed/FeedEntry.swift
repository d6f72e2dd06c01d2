import Foundation
import Redis

/// Place of an entry in a company's feed: the cursor that clients resume from. Later entries are greater.
public struct FeedID: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// Milliseconds since 1970 by the clock of Redis.
    public let milliseconds: UInt64
    /// Tells entries of the same millisecond apart.
    public let sequence: UInt64

    /// Before every entry.
    public static let zero = FeedID(milliseconds: 0, sequence: 0)

    /// The place that many seconds earlier, by the clock of Redis.
    public func earlier(seconds: UInt64) -> FeedID {
        FeedID(milliseconds: milliseconds - min(milliseconds, seconds * 1_000), sequence: 0)
    }

    init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Reads `milliseconds-sequence`, both in decimal. Anything else is nil.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard description.utf8.count <= 41, parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) }),
            let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1])
        else { return nil }
        self.init(milliseconds: milliseconds, sequence: sequence)
    }

    /// `milliseconds-sequence`.
    public var description: String { "\(milliseconds)-\(sequence)" }

    /// Whether `lhs` came earlier.
    public static func < (lhs: FeedID, rhs: FeedID) -> Bool {
        (lhs.milliseconds, lhs.sequence) < (rhs.milliseconds, rhs.sequence)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// An event with its place in the feed.
public struct FeedEntry: Sendable, Hashable {
    /// Its place.
    public let id: FeedID
    /// What happened.
    public let event: FeedEvent

    /// Reads one entry of XRANGE or XREAD; nil when it is not one of ours.
    init?(_ reply: RESPValue) {
        guard let parts = reply.array, parts.count == 2, let id = parts[0].string.flatMap({ FeedID($0) }),
            let event = parts[1].array.flatMap({ FeedEvent(fields: $0) })
        else { return nil }
        self.id = id
        self.event = event
    }
}

/// Entries after some place.
public struct FeedPage: Sendable, Hashable {
    /// In order, oldest first.
    public let entries: [FeedEntry]
    /// Whether events may be missing: the place is not in the feed any more, or some were lost on the way there.
    /// Then the reader has to look at the stores again (`resync`).
    public let tooOld: Bool
    /// The place to read on from. The same as before when there was nothing.
    public let lastId: FeedID
    /// Whether this was the end of the feed when it was read.
    public let isEnd: Bool
}

/// What a reader of the live feed gets.
public enum FeedDelivery: Sendable, Hashable {
    /// The next event.
    case entry(FeedEntry)
    /// Events may have been missed: look at the stores again.
    case resync
}
