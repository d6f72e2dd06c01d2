import Foundation
import JSON
import Tenancy

/// The event that a tool shall change: the row in Switchboard, the event in a linked calendar, or both.
struct CalTarget: Sendable {
    var entry: CalEntry
    /// The row in Switchboard.
    var ownId: UUID?
    /// The linked calendar that holds it, and its id there.
    var calendar: (any LinkedCalendar)?
    var externalId: String?
    private var draft: CalendarEventDraft

    /// Looks for it among what the author reaches.
    /// - Throws: ``ToolError/notFound`` when there is none.
    static func find(
        _ context: CalContext, _ scope: ToolScope, _ arguments: JSONObject, takesCancelled: Bool = false
    ) async throws -> CalTarget {
        switch try LinkedPlace(arguments["event"]?.stringValue) {
        case .own(let id):
            guard let event = try await own(context, scope, id), takesCancelled || event.status == .confirmed else {
                throw ToolError.notFound
            }
            var target = CalTarget(
                entry: CalEntry(event), ownId: id, calendar: nil, externalId: nil, draft: CalendarEventDraft(event))
            if let account = event.accountId, let externalId = event.externalId {
                target.calendar = try await context.linked(scope).first { $0.accountId == account }
                target.externalId = externalId
            }
            return target
        case .linked(let account, let id):
            guard let calendar = try await context.linked(scope).first(where: { $0.accountId == account }) else {
                throw ToolError.notFound
            }
            let event: LinkedEvent
            do { event = try await calendar.event(id) } catch LinkFailure.notFound { throw ToolError.notFound }
            let row = try await UUID(calendarId: id).asyncFlatMap { try await own(context, scope, $0) }
            return CalTarget(
                entry: CalEntry(event, in: calendar), ownId: row?.id, calendar: calendar, externalId: id,
                draft: CalendarEventDraft(
                    title: event.title, startsAt: event.span.start, endsAt: event.span.end,
                    timeZone: event.timeZone ?? row?.timeZone ?? "UTC", guests: event.guests, location: event.location,
                    notes: event.notes, accountId: account, externalId: id))
        }
    }

    /// Stops a call that means another event than it names, or one that was renamed since.
    func require(_ arguments: JSONObject) throws(ToolError) {
        guard arguments["what"]?.stringValue == entry.label else { throw .notFound }
    }

    private static func own(_ context: CalContext, _ scope: ToolScope, _ id: UUID) async throws -> CalendarEvent? {
        do {
            return try await context.events.get(scope.tenant, id, subject: try scope.ownSubject(of: "calendar"))
        } catch is NotFound {
            return nil
        }
    }

    /// Changes it, in the linked calendar first: what that refuses is not changed here either.
    func change(
        _ context: CalContext, _ scope: ToolScope, _ edit: (inout CalendarEventDraft) -> Void
    ) async throws -> JSONValue {
        var draft = draft
        edit(&draft)
        var entry = entry
        entry.title = draft.title
        entry.span = DateSpan(start: draft.startsAt, end: draft.endsAt)
        entry.location = draft.location
        if let calendar, let externalId {
            _ = try await calendar.change(LinkedEvent(draft, id: externalId))
        }
        if let ownId {
            _ = try await context.events.update(
                scope.tenant, ownId, draft, subject: try scope.ownSubject(of: "calendar"))
        }
        return entry.json
    }
}

extension Optional {
    /// `flatMap` with an asynchronous function.
    func asyncFlatMap<Value>(_ transform: (Wrapped) async throws -> Value?) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
