import Foundation
public import JSON
public import Tenancy

/// `cal_slots`: the free appointments of a company, without a word about what is planned. Only where the company takes
/// bookings.
public struct CalSlotsTool: Tool {
    static let toolName = "cal_slots"
    /// `cal_slots`.
    public let name = toolName
    /// What it does.
    public let description = "Finds free appointments of the company. Name times to people as `local` writes them."
    /// Reads what the company shows to anybody.
    public let effect = ToolEffect.catalogRead
    /// A linked account may take its time.
    public let timeLimit = Duration.seconds(30)
    /// `from`, `to`, `durationMin`.
    public let schema = ToolSchema(
        .init("from", .text(maximum: 40), "RFC 3339; now", isRequired: false),
        .init("to", .text(maximum: 40), "RFC 3339; as far ahead as the company takes bookings", isRequired: false),
        .init(
            "durationMin", .integer(5...480), "How long it lasts, in minutes; what the company says", isRequired: false)
    )
    private let context: BookingContext

    /// How many appointments one call tells.
    static let listed = 20

    /// The tool.
    public init(_ context: BookingContext) { self.context = context }

    /// Where the company takes bookings.
    public func isAvailable(to company: Company) -> Bool { company.settings.booking != nil }

    /// Answers `{timeZone, dayFirst, opens, closes, from, to, durationMin, slots: [{start, end, local}], hasMore}`, the
    /// earliest first; `opens` and `closes` in minutes of the day.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let rules = try await context.rules(scope)
        let from = arguments["from"] == nil ? rules.open.start : try CalArguments.time("from", arguments)
        let to = arguments["to"] == nil ? rules.open.end : try CalArguments.time("to", arguments)
        guard to > from else { throw ToolError.invalidArguments("to must be after from") }
        let minutes = CalArguments.minutes(arguments) ?? rules.booking.durationMin
        let free = try await context.free(scope, rules, in: DateSpan(start: from, end: to), minutes: minutes)
        let slots = BookingContext.slots(in: free, rules, minutes: minutes)
        return [
            "timeZone": .string(CalPhrases.name(rules.zone)), "dayFirst": rules.isDayFirst.map { .bool($0) } ?? .null,
            "opens": .integer(Int64(rules.hours.start)), "closes": .integer(Int64(rules.hours.end)),
            "from": .string(Timestamp.string(from)), "to": .string(Timestamp.string(to)),
            "durationMin": .integer(Int64(minutes)),
            "slots": .array(slots.prefix(Self.listed).map { .object(BookingJSON.span($0, rules.zone)) }),
            "hasMore": .bool(slots.count > Self.listed),
        ]
    }
}

/// `cal_request`: asks for an appointment, which a member confirms. Only where the company takes bookings.
public struct CalRequestTool: Tool {
    static let toolName = "cal_request"
    /// `cal_request`.
    public let name = toolName
    /// What it does.
    public let description =
        "Asks for a free appointment for the writer. A person of the company confirms it later: never call it booked."
    /// Writes inside Switchboard.
    public let effect = ToolEffect.internalWrite
    /// A linked account may take its time.
    public let timeLimit = Duration.seconds(30)
    /// `start`, `durationMin`, `name`, `contact`, `note`.
    public let schema = ToolSchema(
        .init("start", .text(maximum: 40), "RFC 3339, as cal_slots returned it"),
        .init("durationMin", .integer(5...480), "As for cal_slots", isRequired: false),
        .init("name", .text(maximum: 200), "Their name, if they said it", isRequired: false),
        .init("contact", .text(maximum: 254), "E-mail address or phone number, if they said it", isRequired: false),
        .init("note", .text(maximum: 500), "What it is about, if they said it", isRequired: false))
    private let context: BookingContext
    private let customers: CustomerStore?

    /// The tool.
    /// - Parameter customers: where name and address of known customers are found.
    public init(_ context: BookingContext, customers: CustomerStore? = nil) {
        self.context = context
        self.customers = customers
    }

    /// Where the company takes bookings.
    public func isAvailable(to company: Company) -> Bool { company.settings.booking != nil }

    /// Answers `{requested: true, id, status, start, end, local, timeZone}`; `{requested: false, reason}` without asking
    /// for anything: `contact` when nobody could reach the writer, `taken` when the time is not free, `limit` when too
    /// many requests of the writer wait. Run again in the same turn it asks for nothing new.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let rules = try await context.rules(scope)
        let start = try CalArguments.time("start", arguments).inMilliseconds
        let minutes = CalArguments.minutes(arguments) ?? rules.booking.durationMin
        let span = DateSpan(start: start, end: start.addingTimeInterval(Double(minutes) * 60))
        let id = scope.id(for: "cal_request \(Timestamp.string(start))")
        if let known = try await context.bookings.find(scope.tenant, id) {
            return BookingJSON.requested(known, rules.zone)
        }
        var draft = BookingDraft(
            startsAt: span.start, endsAt: span.end, timeZone: rules.zone.identifier, customerId: scope.customerId,
            conversationId: scope.conversationId, agentName: scope.agent ?? "sales",
            name: arguments["name"]?.stringValue, contact: arguments["contact"]?.stringValue,
            note: arguments["note"]?.stringValue, userId: rules.booking.memberId)
        draft.language = scope.language.rawValue
        if let customerId = scope.customerId, let customer = try await customers?.find(scope.tenant, customerId) {
            draft.name = draft.name ?? customer.name
            draft.contact = draft.contact ?? customer.email ?? customer.phone
        }
        guard try await context.free(scope, rules, in: span, minutes: minutes).contains(span) else {
            return BookingJSON.refused("taken")
        }
        if case .customer = scope.author, draft.contact == nil { return BookingJSON.refused("contact") }
        do {
            return BookingJSON.requested(
                try await context.bookings.request(
                    scope.tenant, draft, id: id, limit: rules.booking.openRequests), rules.zone)
        } catch is StoreConflict {
            return BookingJSON.refused("taken")
        } catch is QuotaExceeded {
            return BookingJSON.refused("limit")
        }
    }
}

/// How appointments look in results.
enum BookingJSON {
    static func span(_ span: DateSpan, _ zone: TimeZone) -> JSONObject {
        let civil = zone.civil(span.start)
        let clock = CalPhrases(.english, zone: zone).clock(civil.minute)
        return [
            "start": .string(Timestamp.string(span.start)), "end": .string(Timestamp.string(span.end)),
            "local": .string("\(civil.day.text) \(clock)"),
        ]
    }

    static func requested(_ booking: Booking, _ zone: TimeZone) -> JSONValue {
        var json = span(DateSpan(start: booking.content.startsAt, end: booking.content.endsAt), zone)
        json["requested"] = true
        json["id"] = .string(booking.id.lowercased)
        json["status"] = .string(booking.status.rawValue)
        json["timeZone"] = .string(CalPhrases.name(zone))
        return .object(json)
    }

    static func refused(_ reason: String) -> JSONValue { ["requested": false, "reason": .string(reason)] }
}
