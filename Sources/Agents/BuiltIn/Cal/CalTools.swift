import Foundation
public import JSON
import Tenancy

/// Arguments that several of the calendar's tools take.
enum CalArguments {
    static let longestSpan: TimeInterval = 92 * 86_400

    static func span(_ arguments: JSONObject) throws(ToolError) -> DateSpan {
        let span = DateSpan(start: try time("from", arguments), end: try time("to", arguments))
        guard span.length > 0, span.length <= longestSpan else {
            throw .invalidArguments("to must be up to 92 days after from")
        }
        return span
    }

    static func time(_ name: String, _ arguments: JSONObject) throws(ToolError) -> Date {
        guard let time = arguments[name]?.stringValue.flatMap({ Timestamp.parse($0) }) else {
            throw .invalidArguments("\(name) must be a time of RFC 3339, such as 2026-04-03T15:00:00Z")
        }
        return time
    }

    static func addresses(_ name: String, _ arguments: JSONObject) throws(ToolError) -> [String]? {
        guard let texts = arguments[name]?.arrayValue?.compactMap(\.stringValue) else { return nil }
        var addresses: [String] = []
        for text in texts {
            guard let address = EmailAddress(text)?.text else {
                throw .invalidArguments("\(name) must be e-mail addresses; \"\(text.prefix(64))\" is none")
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    static func minutes(_ arguments: JSONObject) -> Int? {
        arguments["durationMin"]?.integerValue.flatMap { Int(exactly: $0) }
    }

    /// Who approves a change sees this, and not the event's id.
    static let what = ToolSchema.Parameter(
        "what", .text(maximum: 1_000), "The event's title as cal_list shows it, its first 100 characters")

    static let duration = ToolSchema.Kind.integer(1...1_440)
}

/// `cal_settings`: the zone, the working hours and the order of dates that go for the author; sets the author's zone.
public struct CalSettingsTool: Tool {
    /// `cal_settings`.
    public let name = "cal_settings"
    /// What it does.
    public let description = "Tells the time zone and working hours that go for the person who asks; can set the zone."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// `timeZone`.
    public let schema = ToolSchema(
        .init("timeZone", .text(maximum: 64), "The IANA name of the person's zone, to set it", isRequired: false))
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// Answers `{timeZone, dayFirst, workingHours: {start, end, days}}`, times in minutes of the day.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let subject = try scope.ownSubject(of: "calendar")
        if let name = arguments["timeZone"]?.stringValue {
            guard let zone = TimeZone(identifier: name) else {
                throw ToolError.invalidArguments("timeZone must be an IANA name, such as Europe/Madrid")
            }
            guard case .user = subject else { throw ToolError.notAllowed("set the company's zone in its settings") }
            let old = try await context.states.find(scope.tenant, agent: CalContext.agent, subject: subject)
            var state = old?.state ?? [:]
            state[CalContext.zoneKey] = .string(zone.identifier)
            _ = try await context.states.put(scope.tenant, agent: CalContext.agent, state, subject: subject)
        }
        let settings = try await context.settings(scope)
        return [
            "timeZone": .string(CalPhrases.name(settings.zone)),
            "dayFirst": settings.isDayFirst.map { .bool($0) } ?? .null,
            "workingHours": [
                "start": .integer(Int64(settings.hours.start)), "end": .integer(Int64(settings.hours.end)),
                "days": .array(settings.hours.days.sorted().map { .integer(Int64($0)) }),
            ],
        ]
    }
}

/// `cal_list`: what is in the author's calendars.
public struct CalListTool: Tool {
    /// `cal_list`.
    public let name = "cal_list"
    /// What it does.
    public let description = "Lists the events of the person who asks between two moments."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// Its results were written by whoever.
    public let bringsExternalContent = true
    /// A linked account may take its time.
    public let timeLimit = Duration.seconds(30)
    /// `from`, `to`.
    public let schema = ToolSchema(
        .init("from", .text(maximum: 40), "RFC 3339"), .init("to", .text(maximum: 40), "RFC 3339; 92 days at most"))
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// Answers `{events: [{event, title, start, end, guests?, location?, account?}], failures}`.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let found = try await CalEntries.read(context, scope, try CalArguments.span(arguments))
        return ["events": .array(found.entries.prefix(200).map(\.json)), "failures": found.failuresJSON]
    }
}

/// `cal_free`: when the author has nothing to do within working hours.
public struct CalFreeTool: Tool {
    /// `cal_free`.
    public let name = "cal_free"
    /// What it does.
    public let description = "Finds the free stretches of working time between two moments."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// `from`, `to`, `durationMin`.
    public let schema = ToolSchema(
        .init("from", .text(maximum: 40), "RFC 3339"), .init("to", .text(maximum: 40), "RFC 3339; 92 days at most"),
        .init("durationMin", CalArguments.duration, "How long it must be free, in minutes; 30", isRequired: false))
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// Answers `{free: [{start, end}], failures}`.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let span = try CalArguments.span(arguments)
        let settings = try await context.settings(scope)
        let found = try await CalEntries.read(context, scope, span)
        let days = settings.zone.civil(span.start).day...settings.zone.civil(span.end).day
        let windows = settings.hours.windows(days, zone: settings.zone).compactMap { $0.clipped(to: span) }
        let free = FreeTime.gaps(
            in: windows, busy: found.entries.filter(\.isBusy).map(\.span),
            atLeast: Double(CalArguments.minutes(arguments) ?? 30) * 60)
        return [
            "free": .array(
                free.prefix(100).map {
                    ["start": .string(Timestamp.string($0.start)), "end": .string(Timestamp.string($0.end))]
                }), "failures": found.failuresJSON,
        ]
    }
}

extension WorkingHours {
    /// The working time of these days, at most 100 of them.
    func windows(_ days: ClosedRange<CivilDate>, zone: TimeZone) -> [DateSpan] {
        (0...min(100, days.upperBound.number - days.lowerBound.number)).map { days.lowerBound.adding($0) }
            .filter { self.days.contains($0.weekday) }
            .map { DateSpan(start: zone.moment($0, minute: start).date, end: zone.moment($0, minute: end).date) }
    }
}

extension DateSpan {
    /// The part inside `other`; nil when there is none.
    func clipped(to other: DateSpan) -> DateSpan? {
        let part = DateSpan(start: max(start, other.start), end: min(end, other.end))
        return part.end > part.start ? part : nil
    }
}

/// `cal_get`: one event of the author's.
public struct CalGetTool: Tool {
    /// `cal_get`.
    public let name = "cal_get"
    /// What it does.
    public let description = "Shows one event of the person who asks."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// The skills need the times alone; a model lists, and its turn knows that strangers wrote what it reads.
    public let isForModels = false
    /// `event`.
    public let schema = ToolSchema(.init("event", .text(maximum: 1_100), "The event as cal_list names it"))
    private let context: CalContext

    /// The tool.
    public init(_ context: CalContext) { self.context = context }

    /// Answers the event as `cal_list` does.
    /// - Throws: ``ToolError/notFound`` for an event that is absent, cancelled or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        try await CalTarget.find(context, scope, arguments).entry.json
    }
}

extension CalContext {
    /// All of the calendar's tools.
    public var tools: [any Tool] {
        [
            CalSettingsTool(self), CalListTool(self), CalFreeTool(self), CalGetTool(self), CalCreateTool(self),
            CalUpdateTool(self), CalCancelTool(self),
        ]
    }
}
