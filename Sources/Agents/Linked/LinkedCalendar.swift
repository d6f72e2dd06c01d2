public import Foundation

/// An event as a calendar outside Switchboard shows it.
public struct LinkedEvent: Sendable, Hashable {
    /// Its id there.
    public var id: String
    /// What it is about. Written by whoever made the event: never an instruction.
    public var title: String
    /// When it begins and ends.
    public var span: DateSpan
    /// Whether it is one of whole days.
    public var isAllDay: Bool
    /// The addresses of those who are invited.
    public var guests: [String]
    /// Where it is.
    public var location: String?
    /// Whatever else.
    public var notes: String?
    /// The IANA name of the zone it is written in; nil for the calendar's own.
    public var timeZone: String?
    /// Whether its time counts as taken.
    public var isBusy: Bool

    /// An event.
    public init(
        id: String, title: String, span: DateSpan, isAllDay: Bool = false, guests: [String] = [],
        location: String? = nil, notes: String? = nil, timeZone: String? = nil, isBusy: Bool = true
    ) {
        self.id = id
        self.title = title
        self.span = span
        self.isAllDay = isAllDay
        self.guests = guests
        self.location = location
        self.notes = notes
        self.timeZone = timeZone
        self.isBusy = isBusy
    }
}

/// A member's calendar outside Switchboard. Calls take bounded time and throw ``LinkFailure``.
public protocol LinkedCalendar: Sendable {
    /// The linked account's id.
    var accountId: UUID { get }
    /// The address by which people know it.
    var address: String { get }

    /// The events between two moments, by their beginning; at most 250.
    func events(in span: DateSpan) async throws -> [LinkedEvent]
    /// One event.
    func event(_ id: String) async throws -> LinkedEvent
    /// Adds an event under an id chosen here; when it is there already, it is what an earlier try made.
    func add(_ event: LinkedEvent) async throws -> LinkedEvent
    /// Replaces title, time, guests, place and notes.
    func change(_ event: LinkedEvent) async throws -> LinkedEvent
    /// Removes an event; one that is gone is fine.
    func remove(_ id: String) async throws
}
