import Foundation
import JSON

/// The skills of `@cal` that show: the agenda and free time.
enum CalLists {
    static let shown = 20
    static let slots = 5

    /// One event as the tools return it.
    struct Entry {
        var reference: String
        var title: String
        var span: DateSpan
        var isAllDay: Bool

        init?(_ json: JSONValue) {
            guard let reference = json["event"]?.stringValue, let title = json["title"]?.stringValue,
                let span = CalLists.span(json)
            else { return nil }
            self.reference = reference
            self.title = title.split(whereSeparator: \.isNewline).joined(separator: " ")
            self.span = span
            isAllDay = json["allDay"]?.boolValue ?? false
        }
    }

    static func span(_ json: JSONValue) -> DateSpan? {
        guard let start = json["start"]?.stringValue.flatMap({ Timestamp.parse($0) }),
            let end = json["end"]?.stringValue.flatMap({ Timestamp.parse($0) })
        else { return nil }
        return DateSpan(start: start, end: end)
    }

    static func agenda(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let clock = try await CalClock(match.language, turn)
        guard !match.slot("when").isEmpty else { return try await show(clock.today...clock.today, clock, turn) }
        var reader = clock.reader(match.slot("when"))
        return switch reader.readDays() {
        case .days(let days): try await show(days, clock, turn)
        case .either(let first, let second): ask("agenda", "", clock, first, second, turn)
        case nil: AgentAnswer(clock.words.notUnderstood, memory: turn.memory)
        }
    }

    static func free(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let clock = try await CalClock(match.language, turn)
        guard !match.slot("text").isEmpty else {
            return try await free(clock.today...clock.today.adding(6), 30, clock, turn)
        }
        var reader = clock.reader(match.slot("text"))
        _ = reader.take(["on", "el", "in", "en", "de", "time"])
        let days = reader.readDays()
        var minutes: Int?
        if reader.take(["for", "durante", "por", "de"]) { minutes = reader.readDuration() }
        guard reader.isAtEnd, minutes == nil || (1...1_440).contains(minutes ?? 0) else {
            return AgentAnswer(clock.words.notUnderstood, memory: turn.memory)
        }
        return switch days {
        case .days(let days): try await free(days, minutes ?? 30, clock, turn)
        case .either(let first, let second): ask("free", String(minutes ?? 30), clock, first, second, turn)
        case nil where minutes != nil: try await free(clock.today...clock.today.adding(6), minutes ?? 30, clock, turn)
        case nil: AgentAnswer(clock.words.notUnderstood, memory: turn.memory)
        }
    }

    static func resume(
        _ question: PendingQuestion, _ reply: PendingReply, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let clock = try await CalClock(question.language, turn)
        guard case .option(let option) = reply, let day = CivilDate(option.value) else {
            return AgentAnswer(clock.words.nothingDone, memory: turn.memory)
        }
        guard question.skill == "free" else { return try await show(day...day, clock, turn) }
        return try await free(day...day, Int(question.note) ?? 30, clock, turn)
    }

    private static func ask(
        _ skill: String, _ note: String, _ clock: CalClock, _ first: CivilDate, _ second: CivilDate, _ turn: AgentTurn
    ) -> AgentAnswer {
        var memory = turn.memory
        let options = clock.options(first, second)
        memory.pending = PendingQuestion(
            skill: skill, options: options, note: note, language: clock.words.language, askedAt: turn.now)
        return AgentAnswer(
            numbered(clock.words.language == .spanish ? "¿Qué día?" : "Which day?", options), memory: memory)
    }

    // MARK: Showing

    private static func arguments(_ span: DateSpan) -> JSONObject {
        ["from": .string(Timestamp.string(span.start)), "to": .string(Timestamp.string(span.end))]
    }

    private static func show(
        _ days: ClosedRange<CivilDate>, _ clock: CalClock, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let words = clock.words
        let json = try await turn.tools.call("cal_list", arguments(clock.zone.interval(of: days)))
        let entries = json["events"]?.arrayValue?.compactMap { Entry($0) } ?? []
        var memory = turn.memory
        memory.keep(entries.prefix(shown).map { .init(CalEntry.label($0.title), $0.reference) }, at: turn.now)
        var lines = [entries.isEmpty ? words.nothing(days) : words.agenda(days)]
        var day = days.lowerBound
        for (index, entry) in entries.prefix(shown).enumerated() {
            let begins = max(clock.zone.civil(entry.span.start).day, days.lowerBound)
            if begins != day || (index == 0 && days.lowerBound != days.upperBound) { lines.append(words.day(begins)) }
            day = begins
            let times = entry.isAllDay ? words.allDay : words.times(entry.span)
            lines.append("\(index + 1). \(times) · \(entry.title.prefix(150))")
        }
        if entries.count > shown { lines.append(words.more(entries.count - shown)) }
        if !entries.isEmpty { lines.append(words.howToChange) }
        return AgentAnswer((lines + failures(json, words)).joined(separator: "\n"), memory: memory)
    }

    private static func free(
        _ days: ClosedRange<CivilDate>, _ minutes: Int, _ clock: CalClock, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let words = clock.words
        var span = clock.zone.interval(of: days)
        // Nothing that began can be used; the next quarter of an hour can.
        let soon = Date(timeIntervalSince1970: (turn.now.timeIntervalSince1970 / 900).rounded(.up) * 900)
        span.start = max(span.start, soon)
        guard span.end > span.start else { return AgentAnswer(words.notFree(days, minutes), memory: turn.memory) }
        var arguments = arguments(span)
        arguments["durationMin"] = .integer(Int64(minutes))
        let json = try await turn.tools.call("cal_free", arguments)
        let free = json["free"]?.arrayValue?.compactMap(Self.span) ?? []
        var lines = [free.isEmpty ? words.notFree(days, minutes) : words.free(days, minutes)]
        lines += free.prefix(slots).map { slot in
            let day = days.lowerBound == days.upperBound ? "" : words.day(clock.zone.civil(slot.start).day) + ", "
            return "· \(day)\(words.times(slot))"
        }
        return AgentAnswer((lines + failures(json, words)).joined(separator: "\n"), memory: turn.memory)
    }

    private static func failures(_ json: JSONValue, _ words: CalPhrases) -> [String] {
        (json["failures"]?.arrayValue ?? []).map {
            words.unread($0["account"]?.stringValue ?? "", reconnect: $0["problem"]?.stringValue == "reconnect")
        }
    }
}
