import Foundation
public import JSON
import Tenancy

/// `cal_create`: adds an event to the author's calendar, and to the linked one when there is one.
public struct CalCreateTool: Tool {
    /// `cal_create`.
    public let name = "cal_create"
    /// What it does.
    public let description = "Adds an event to the calendar of the person who asks. With guests it needs approval."
    /// Writes inside Switchboard; with guests also outside, which is why that needs approval.
    public let effect = ToolEffect.internalWrite
    /// `title`, `start`, `durationMin`, `guests`, `location`, `notes`.
    public let schema = ToolSchema(
        .init("title", .text(maximum: 200), "What it is about"), .init("start", .text(maximum: 40), "RFC 3339"),
        .init("durationMin", CalArguments.duration, "How long it lasts, in minutes; 60", isRequired: false),
        .init("guests", .texts(maximumCount: 50, maximum: 254), "E-mail addresses to invite", isRequired: false),
        .init("location", .text(maximum: 500), "Where", isRequired: false),
        .init("notes", .text(maximum: 4_000), "Whatever else", isRequired: false))
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// Inviting somebody reaches them outside.
    public func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool {
        !(arguments["guests"]?.arrayValue ?? []).isEmpty
    }

    /// Answers the event, with `conflicts`: the titles of what is at the same time, and `unsynced` when the linked
    /// calendar did not take it.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let subject = try scope.ownSubject(of: "calendar")
        let start = try CalArguments.time("start", arguments)
        let span = DateSpan(
            start: start, end: start.addingTimeInterval(Double(CalArguments.minutes(arguments) ?? 60) * 60))
        let id = scope.id(for: "cal_create \(arguments.encodedString)")
        var draft = CalendarEventDraft(
            title: arguments["title"]?.stringValue ?? "", startsAt: span.start, endsAt: span.end,
            timeZone: try await context.settings(scope).zone.identifier,
            guests: try CalArguments.addresses("guests", arguments) ?? [],
            location: arguments["location"]?.stringValue, notes: arguments["notes"]?.stringValue)
        let around = try await CalEntries.read(context, scope, span)
        let event = try await context.events.create(scope.tenant, draft, id: id, subject: subject)
        var result = CalEntry(event).json.objectValue ?? [:]
        let own = LinkedPlace.own(id)
        let conflicts = around.entries.filter { $0.isBusy && $0.place != own && $0.place.externalId != id.calendarId }
        result["conflicts"] = .array(conflicts.prefix(5).map { .string($0.title) })
        guard let calendar = try await context.linked(scope).first else { return .object(result) }
        do {
            let copy = try await calendar.add(LinkedEvent(draft, id: id.calendarId))
            draft.accountId = calendar.accountId
            draft.externalId = copy.id
            _ = try await context.events.update(scope.tenant, id, draft, subject: subject)
            result["event"] = .string(LinkedPlace.linked(calendar.accountId, copy.id).reference)
            result["account"] = .string(calendar.address)
        } catch let failure as LinkFailure {
            result["unsynced"] = .string(failure == .reconnect ? "reconnect" : "unavailable")
        }
        return .object(result)
    }
}

/// `cal_update`: moves an event of the author's, or changes what is said about it.
public struct CalUpdateTool: Tool {
    /// `cal_update`.
    public let name = "cal_update"
    /// What it does.
    public let description = "Moves or changes an event of the person who asks. With guests it needs approval."
    /// Writes inside Switchboard; with guests also outside, which is why that needs approval.
    public let effect = ToolEffect.internalWrite
    /// `event` and what is to change.
    public let schema = ToolSchema(
        .init("event", .text(maximum: 1_100), "The event as cal_list names it"), CalArguments.what,
        .init("title", .text(maximum: 200), "What it is about", isRequired: false),
        .init("start", .text(maximum: 40), "RFC 3339", isRequired: false),
        .init("durationMin", CalArguments.duration, "How long it lasts, in minutes", isRequired: false),
        .init("location", .text(maximum: 500), "Where", isRequired: false))
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// The guests of the event hear of it.
    public func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool {
        !(try await CalTarget.find(context, scope, arguments).entry.guests.isEmpty)
    }

    /// Answers the event.
    /// - Throws: ``ToolError/notFound`` for an event that is absent, cancelled or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let target = try await CalTarget.find(context, scope, arguments)
        try target.require(arguments)
        let start = arguments["start"] == nil ? target.entry.span.start : try CalArguments.time("start", arguments)
        let length = CalArguments.minutes(arguments).map { Double($0) * 60 } ?? target.entry.span.length
        return try await target.change(context, scope) { draft in
            draft.startsAt = start
            draft.endsAt = start.addingTimeInterval(length)
            if let title = arguments["title"]?.stringValue { draft.title = title }
            if let location = arguments["location"]?.stringValue { draft.location = location }
        }
    }
}

/// `cal_cancel`: calls an event of the author's off.
public struct CalCancelTool: Tool {
    /// `cal_cancel`.
    public let name = "cal_cancel"
    /// What it does.
    public let description = "Calls an event of the person who asks off. With guests it needs approval."
    /// Writes inside Switchboard; with guests also outside, which is why that needs approval.
    public let effect = ToolEffect.internalWrite
    /// `event`, `what`.
    public let schema = ToolSchema(
        .init("event", .text(maximum: 1_100), "The event as cal_list names it"), CalArguments.what)
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// The guests of the event hear of it.
    public func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool {
        !(try await CalTarget.find(context, scope, arguments, takesCancelled: true).entry.guests.isEmpty)
    }

    /// Answers the event as it was; calling off twice is fine.
    /// - Throws: ``ToolError/notFound`` for an event that is absent or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let target = try await CalTarget.find(context, scope, arguments, takesCancelled: true)
        try target.require(arguments)
        if let calendar = target.calendar, let id = target.externalId { try await calendar.remove(id) }
        if let id = target.ownId {
            _ = try await context.events.cancel(scope.tenant, id, subject: try scope.ownSubject(of: "calendar"))
        }
        return target.entry.json
    }
}

extension UUID {
    /// The id as Google's calendar takes it: letters and digits of base32hex in lower case, which hexadecimal is.
    var calendarId: String { lowercased.filter { $0 != "-" } }

    /// Undoes ``calendarId``.
    init?(calendarId: String) {
        let digits = Array(calendarId)
        guard digits.count == 32 else { return nil }
        let parts = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20...]].map { String($0) }
        self.init(strict: parts.joined(separator: "-"))
    }
}

extension LinkedPlace {
    /// The id in the linked account; nil for an event of Switchboard's own.
    var externalId: String? {
        if case .linked(_, let id) = self { id } else { nil }
    }
}

extension LinkedEvent {
    init(_ draft: CalendarEventDraft, id: String) {
        self.init(
            id: id, title: draft.title, span: DateSpan(start: draft.startsAt, end: draft.endsAt), guests: draft.guests,
            location: draft.location, notes: draft.notes, timeZone: draft.timeZone)
    }
}
