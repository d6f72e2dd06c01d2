import Foundation
public import Tenancy

/// What the tools for appointments work on.
public struct BookingContext: Sendable {
    /// The times that are asked for.
    public let bookings: BookingStore
    /// The calendars.
    public let calendar: CalContext
    private let now: @Sendable () -> Date

    /// A context.
    public init(
        bookings: BookingStore, calendar: CalContext, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.bookings = bookings
        self.calendar = calendar
        self.now = now
    }

    /// How a company takes appointments.
    struct Rules {
        var booking: BookingSettings
        var zone: TimeZone
        var hours: WorkingHours
        var isDayFirst: Bool?
        /// From the first moment that may be asked for to the last.
        var open: DateSpan
    }

    /// - Throws: ``ToolError/notAllowed(_:)`` where the company takes none.
    func rules(_ scope: ToolScope) async throws -> Rules {
        let settings = try await calendar.company(scope.tenant).settings
        guard let booking = settings.booking else { throw ToolError.notAllowed("the company takes no bookings here") }
        let now = now()
        return Rules(
            booking: booking, zone: settings.timeZone ?? .gmt, hours: settings.workingHours,
            isDayFirst: settings.isDayFirst,
            open: DateSpan(
                start: now.addingTimeInterval(Double(booking.noticeMin) * 60),
                end: now.addingTimeInterval(Double(booking.daysAhead) * 86_400)))
    }

    /// The stretches inside a span in which nothing is held or planned, within working hours, each of so many minutes
    /// or more. Of what is planned nothing but its time is looked at.
    /// - Throws: ``ToolError/failed(_:)`` while a linked calendar cannot be read.
    func free(_ scope: ToolScope, _ rules: Rules, in span: DateSpan, minutes: Int) async throws -> [DateSpan] {
        guard let span = span.clipped(to: rules.open) else { return [] }
        var busy = try await bookings.held(scope.tenant, from: span.start, to: span.end)
            .map { DateSpan(start: $0.start, end: $0.end) }
        var authors: [TurnAuthor] = [.program]
        if let member = rules.booking.memberId { authors.append(.user(member)) }
        for author in authors {
            // Whose calendar is read follows from the company's settings, and not from who asks.
            let found = try await CalEntries.read(
                calendar,
                ToolScope(
                    tenant: scope.tenant, author: author, conversationId: scope.conversationId, isReadByCustomer: false,
                    turnId: scope.turnId), span)
            guard found.failures.isEmpty else { throw ToolError.failed("the calendar cannot be read now") }
            busy += found.entries.filter(\.isBusy).map(\.span)
        }
        let days = rules.zone.civil(span.start).day...rules.zone.civil(span.end).day
        let windows = rules.hours.windows(days, zone: rules.zone).compactMap { $0.clipped(to: span) }
        return FreeTime.gaps(in: windows, busy: busy, atLeast: Double(minutes) * 60)
    }

    /// The appointments of so many minutes that fit into free stretches, on the grid that begins with the working day.
    static func slots(in free: [DateSpan], _ rules: Rules, minutes: Int) -> [DateSpan] {
        let (length, step) = (Double(minutes) * 60, min(max(minutes, 15), 60))
        var slots: [DateSpan] = []
        for stretch in free {
            // Exactly as long as asked: this is the very time that somebody named.
            if stretch.length == length {
                slots.append(stretch)
                continue
            }
            let minute = rules.zone.civil(stretch.start).minute
            let past = max(0, minute - rules.hours.start) % step
            let seconds = stretch.start.timeIntervalSince1970.truncatingRemainder(dividingBy: 60)
            var start = stretch.start.addingTimeInterval(-Double(past) * 60 - seconds)
            if start < stretch.start { start.addTimeInterval(Double(step) * 60) }
            while start.addingTimeInterval(length) <= stretch.end {
                slots.append(DateSpan(start: start, end: start.addingTimeInterval(length)))
                start.addTimeInterval(Double(step) * 60)
            }
        }
        return slots
    }
}
