import Foundation
import JSON
import Tenancy

/// One event, wherever it lives.
struct CalEntry: Sendable {
    var place: LinkedPlace
    var title: String
    var span: DateSpan
    var isAllDay = false
    var isBusy = true
    var guests: [String]
    var location: String?
    /// The address of the account it lives in; nil for Switchboard.
    var account: String?

    init(_ event: CalendarEvent) {
        place = .own(event.id)
        title = event.title
        span = DateSpan(start: event.startsAt, end: event.endsAt)
        guests = event.guests
        location = event.location
    }

    init(_ event: LinkedEvent, in calendar: any LinkedCalendar) {
        place = .linked(calendar.accountId, event.id)
        title = event.title
        span = event.span
        isAllDay = event.isAllDay
        isBusy = event.isBusy
        guests = event.guests
        location = event.location
        account = calendar.address
    }

    /// The title in the form that a call names it by.
    var label: String { Self.label(title) }

    static func label(_ title: String) -> String { title.isEmpty ? "—" : MailText.line(title, 100) }

    var json: JSONValue {
        var json: JSONObject = [
            "event": .string(place.reference), "title": .string(title.isEmpty ? "—" : MailText.line(title, 300)),
            "start": .string(Timestamp.string(span.start)), "end": .string(Timestamp.string(span.end)),
        ]
        if isAllDay { json["allDay"] = true }
        if !guests.isEmpty { json["guests"] = .array(guests.map { .string($0) }) }
        json["location"] = location.map { .string($0) }
        json["account"] = account.map { .string($0) }
        return .object(json)
    }
}

/// What a member's calendars hold together.
struct CalEntries: Sendable {
    var entries: [CalEntry]
    /// Accounts that could not be read, and why.
    var failures: [(address: String, failure: LinkFailure)]

    /// Reads Switchboard's own calendar and the linked ones. Of an event that is in both, the linked one is shown,
    /// because it is read live; while its account cannot be read, the own one stands in.
    static func read(_ context: CalContext, _ scope: ToolScope, _ span: DateSpan) async throws -> CalEntries {
        let own = try await context.events.list(
            scope.tenant, from: span.start, to: span.end, subject: try scope.ownSubject(of: "calendar"))
        var result = CalEntries(entries: [], failures: [])
        var read: Set<UUID> = []
        for calendar in try await context.linked(scope) {
            do {
                result.entries += try await calendar.events(in: span).map { CalEntry($0, in: calendar) }
                read.insert(calendar.accountId)
            } catch let failure as LinkFailure {
                result.failures.append((calendar.address, failure))
            }
        }
        result.entries += own.filter { $0.accountId.map { !read.contains($0) } ?? true }.map { CalEntry($0) }
        result.entries.sort { ($0.span.start, $0.title) < ($1.span.start, $1.title) }
        return result
    }

    var failuresJSON: JSONValue {
        .array(
            failures.map { address, failure in
                ["account": .string(address), "problem": .string(failure == .reconnect ? "reconnect" : "unavailable")]
            })
    }
}
