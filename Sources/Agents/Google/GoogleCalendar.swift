import Foundation
import JSON

/// The first calendar of a Google account.
struct GoogleCalendar: LinkedCalendar {
    static let maximumEvents = 250

    let accountId: UUID
    let address: String
    let calls: GoogleCalls

    private var base: String { calls.http.configuration.calendarURL + "/calendars/primary/events" }
    private func path(_ id: String) -> String { "\(base)/\(GoogleHTTP.escape(id))" }

    func events(in span: DateSpan) async throws -> [LinkedEvent] {
        var events: [LinkedEvent] = []
        var page: String?
        repeat {
            var query = [
                ("timeMin", Timestamp.string(span.start)), ("timeMax", Timestamp.string(span.end)),
                ("singleEvents", "true"), ("orderBy", "startTime"), ("maxResults", "100"),
            ]
            if let page { query.append(("pageToken", page)) }
            let json = try await calls.send(.get, base + "?" + GoogleHTTP.query(query)).json
            events += (json["items"]?.arrayValue ?? []).compactMap { LinkedEvent(google: $0) }
            page = json["nextPageToken"]?.stringValue
        } while page != nil && events.count < Self.maximumEvents
        return Array(events.prefix(Self.maximumEvents))
    }

    func event(_ id: String) async throws -> LinkedEvent {
        guard let event = LinkedEvent(google: try await calls.send(.get, path(id)).json) else {
            throw LinkFailure.notFound
        }
        return event
    }

    func add(_ event: LinkedEvent) async throws -> LinkedEvent {
        var body = event.google
        body["id"] = .string(event.id)
        // The id is ours, so that a second try meets the first one's event.
        let answer = try await calls.send(
            .post, base + "?sendUpdates=\(event.guests.isEmpty ? "none" : "all")", body, isRepeatable: true,
            accepting: [409])
        if answer.status == 409 { return try await self.event(event.id) }
        return LinkedEvent(google: answer.json) ?? event
    }

    func change(_ event: LinkedEvent) async throws -> LinkedEvent {
        let answer = try await calls.send(
            .patch, path(event.id) + "?sendUpdates=\(event.guests.isEmpty ? "none" : "all")", event.google,
            isRepeatable: true)
        return LinkedEvent(google: answer.json) ?? event
    }

    func remove(_ id: String) async throws {
        _ = try await calls.send(.delete, path(id) + "?sendUpdates=all", isRepeatable: true, accepting: [404, 410])
    }
}

extension LinkedEvent {
    /// Reads an event; nil for one that was called off or has no time.
    init?(google json: JSONValue) {
        guard let id = json["id"]?.stringValue, json["status"]?.stringValue != "cancelled",
            let start = Self.moment(json["start"]), let end = Self.moment(json["end"])
        else { return nil }
        let attendees = json["attendees"]?.arrayValue ?? []
        self.init(
            id: id, title: MailText.line(json["summary"]?.stringValue ?? "", 200),
            span: DateSpan(start: start.date, end: end.date), isAllDay: start.isAllDay,
            guests: attendees.filter { $0["self"]?.boolValue != true }.compactMap { $0["email"]?.stringValue },
            location: json["location"]?.stringValue.map { MailText.line($0, 500) },
            notes: json["description"]?.stringValue.map { MailText.body($0, 4_000) },
            timeZone: json["start"]?["timeZone"]?.stringValue,
            isBusy: json["transparency"]?.stringValue != "transparent")
    }

    /// What we say about an event.
    fileprivate var google: JSONObject {
        func time(_ date: Date) -> JSONValue {
            var time: JSONObject = ["dateTime": .string(Timestamp.string(date))]
            time["timeZone"] = timeZone.map { .string($0) }
            return .object(time)
        }
        var json: JSONObject = ["summary": .string(title), "start": time(span.start), "end": time(span.end)]
        json["location"] = location.map { .string($0) }
        json["description"] = notes.map { .string($0) }
        if !guests.isEmpty { json["attendees"] = .array(guests.map { ["email": .string($0)] }) }
        return json
    }

    private static func moment(_ json: JSONValue?) -> (date: Date, isAllDay: Bool)? {
        if let text = json?["dateTime"]?.stringValue { return Timestamp.parse(text).map { ($0, false) } }
        guard let day = json?["date"]?.stringValue.flatMap({ CivilDate($0) }) else { return nil }
        let zone = json?["timeZone"]?.stringValue.flatMap { TimeZone(identifier: $0) } ?? .gmt
        return (zone.moment(day, minute: 0).date, true)
    }
}
