public import Foundation

/// One entry of a calendar: a member's own, or the company's.
public struct CalendarEvent: Sendable, Hashable {
    /// Whether it takes place.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It does.
        case confirmed
        /// It was called off; kept, so that calling it off twice is harmless.
        case cancelled
    }

    /// The event's id.
    public let id: UUID
    /// Whose calendar it is in; nil for the company's own.
    public let userId: UUID?
    /// What it is about.
    public let title: String
    /// When it begins.
    public let startsAt: Date
    /// When it is over.
    public let endsAt: Date
    /// The IANA name of the zone it was written in.
    public let timeZone: String
    /// The addresses of those who are invited.
    public let guests: [String]
    /// Where it is.
    public let location: String?
    /// Whatever else.
    public let notes: String?
    /// Whether it takes place.
    public let status: Status
    /// The linked account in whose calendar there is a copy.
    public let accountId: UUID?
    /// The copy's id there.
    public let externalId: String?
    /// Counts changes.
    public let version: Int
}

/// What somebody says about an event.
public struct CalendarEventDraft: Sendable, Hashable {
    /// 1 to 200 characters.
    public var title: String
    /// When it begins.
    public var startsAt: Date
    /// When it is over: 1 minute to 31 days later.
    public var endsAt: Date
    /// The IANA name of a zone.
    public var timeZone: String
    /// Up to 50 addresses.
    public var guests: [String]
    /// Up to 500 characters.
    public var location: String?
    /// Up to 4,000 characters.
    public var notes: String?
    /// The linked account in whose calendar a copy is to be.
    public var accountId: UUID?
    /// The copy's id there.
    public var externalId: String?

    /// How long an event may last, in seconds.
    public static let lengths: ClosedRange<TimeInterval> = 60...31 * 86_400
    /// How many may be invited.
    public static let maximumGuests = 50

    /// An event called `title`.
    public init(
        title: String, startsAt: Date, endsAt: Date, timeZone: String, guests: [String] = [], location: String? = nil,
        notes: String? = nil, accountId: UUID? = nil, externalId: String? = nil
    ) {
        self.title = title
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.timeZone = timeZone
        self.guests = guests
        self.location = location
        self.notes = notes
        self.accountId = accountId
        self.externalId = externalId
    }

    /// The event as it is, to be changed.
    public init(_ event: CalendarEvent) {
        self.init(
            title: event.title, startsAt: event.startsAt, endsAt: event.endsAt, timeZone: event.timeZone,
            guests: event.guests, location: event.location, notes: event.notes, accountId: event.accountId,
            externalId: event.externalId)
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("title", title, 1...200)
        checks.text("location", location, 0...500)
        checks.text("notes", notes, 0...4_000)
        checks.text("timeZone", timeZone, 1...64)
        let length = endsAt.timeIntervalSince(startsAt)
        if !Self.lengths.contains(length) {
            checks.add("endsAt", "out_of_range", "must be from 1 minute to 31 days after the beginning")
        }
        if guests.count > Self.maximumGuests {
            checks.add("guests", "too_long", "must have at most \(Self.maximumGuests) addresses")
        }
        for (index, guest) in guests.enumerated() { checks.email("guests[\(index)]", guest) }
        return checks
    }
}
