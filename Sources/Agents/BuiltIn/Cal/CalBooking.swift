import Foundation
import JSON

/// The skills of `@cal` that change: add, move, cancel. What is missing or can be read in two ways is asked for, one
/// thing at a time.
enum CalBooking {
    static func add(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let clock = try await CalClock(match.language, turn)
        guard let (title, tail) = CalDraft.split(match.slot("text"), reader: clock.reader), !title.isEmpty else {
            return AgentAnswer(clock.words.help, memory: turn.memory, confidence: 0)
        }
        return try await go(on: CalDraft(title: title), with: tail, clock, turn)
    }

    static func move(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let clock = try await CalClock(match.language, turn)
        let number = Int(match.slot("n")) ?? 0
        guard let item = turn.memory.item(number, at: turn.now) else {
            return AgentAnswer(clock.words.noSuchNumber(number), memory: turn.memory)
        }
        var reader = clock.reader(match.slot("text"))
        guard let tail = CalTail(&reader), tail.guests.isEmpty else {
            return AgentAnswer(clock.words.notUnderstood, memory: turn.memory)
        }
        return try await go(on: CalDraft(title: item.label, event: item.value), with: tail, clock, turn)
    }

    static func cancel(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = CalPhrases(match.language)
        let number = Int(match.slot("n")) ?? 0
        guard let item = turn.memory.item(number, at: turn.now) else {
            return AgentAnswer(words.noSuchNumber(number), memory: turn.memory)
        }
        do {
            _ = try await turn.tools.call("cal_cancel", ["event": .string(item.value), "what": .string(item.label)])
            return AgentAnswer(words.cancelled(item.label), memory: turn.memory)
        } catch ToolError.needsApproval {
            return AgentAnswer(words.needsApproval(item.label), memory: turn.memory)
        }
    }

    static func resume(
        _ question: PendingQuestion, _ reply: PendingReply, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let clock = try await CalClock(question.language, turn)
        guard var draft = CalDraft(note: question.note) else {
            return AgentAnswer(clock.words.help, memory: turn.memory, confidence: 0)
        }
        switch reply {
        case .no, .yes: return AgentAnswer(clock.words.nothingDone, memory: turn.memory)
        case .option(let option):
            draft.allowsPast = option.value.hasPrefix("past:")
            draft.day = CivilDate(option.value.replacing("past:", with: ""))
            return try await go(on: draft, with: nil, clock, turn)
        case .value(let text):
            var reader = clock.reader(text)
            return try await go(on: draft, with: CalTail(&reader), clock, turn)
        }
    }

    // MARK: Step by step

    private static func go(
        on draft: CalDraft, with tail: CalTail?, _ clock: CalClock, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        var draft = draft
        if let tail {
            draft.minute = tail.minute ?? draft.minute
            draft.duration = tail.duration ?? draft.duration
            draft.guests += tail.guests
            if let minutes = tail.fromNow {
                let later = clock.zone.civil(clock.now.addingTimeInterval(Double(minutes) * 60))
                (draft.day, draft.minute) = (later.day, later.minute)
            }
            switch tail.day {
            case .day(let day): draft.day = day
            case .either(let first, let second):
                return ask(clock.words.whichDay(draft.title), clock.options(first, second), draft, clock, turn)
            case nil: break
            }
        }
        if draft.event != nil { return try await move(draft, clock, turn) }
        if draft.day == nil, draft.minute != nil { draft.day = clock.today }
        guard let day = draft.day, let minute = draft.minute else {
            let question = draft.day.map { clock.words.askTime(draft.title, $0) } ?? clock.words.askWhen(draft.title)
            return ask(question, [], draft, clock, turn)
        }
        if let question = askWhenPast(draft, day, minute, clock, turn) { return question }
        return try await create(draft, day, minute, clock, turn)
    }

    /// A question when the time is past and nobody said that this is meant.
    private static func askWhenPast(
        _ draft: CalDraft, _ day: CivilDate, _ minute: Int, _ clock: CalClock, _ turn: AgentTurn
    ) -> AgentAnswer? {
        guard !draft.allowsPast, clock.zone.moment(day, minute: minute).date < clock.now else { return nil }
        let isStillToCome = clock.zone.moment(clock.today, minute: minute).date >= clock.now
        let next = isStillToCome ? clock.today : clock.today.adding(1)
        let words = clock.words
        return ask(
            words.past(day, minute),
            [
                .init("\(words.day(next)), \(words.clock(minute))", next.text),
                .init(words.pastKept(day), "past:\(day.text)"),
            ], draft, clock, turn)
    }

    private static func ask(
        _ lead: String, _ options: [PendingQuestion.Option], _ draft: CalDraft, _ clock: CalClock, _ turn: AgentTurn
    ) -> AgentAnswer {
        var memory = turn.memory
        memory.pending = PendingQuestion(
            skill: draft.event == nil ? "add" : "move", options: options, note: draft.note,
            language: clock.words.language, askedAt: turn.now, awaitsTime: options.isEmpty)
        return AgentAnswer(numbered(lead, options), memory: memory)
    }

    private static func create(
        _ draft: CalDraft, _ day: CivilDate, _ minute: Int, _ clock: CalClock, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let words = clock.words
        let duration = draft.duration ?? 60
        guard draft.title.unicodeScalars.count <= 200, (1...1_440).contains(duration) else {
            return AgentAnswer(words.tooLong, memory: turn.memory)
        }
        let start = clock.zone.moment(day, minute: minute)
        var arguments: JSONObject = [
            "title": .string(draft.title), "start": .string(Timestamp.string(start.date)),
            "durationMin": .integer(Int64(duration)),
        ]
        if !draft.guests.isEmpty { arguments["guests"] = .array(draft.guests.prefix(50).map { .string($0) }) }
        do {
            let json = try await turn.tools.call("cal_create", arguments)
            guard let span = CalLists.span(json), let reference = json["event"]?.stringValue else {
                throw ToolError.notFound
            }
            var lines = [words.booked(draft.title, span)]
            if start.isMoved { lines.append(words.wasInGap(minute)) }
            let others = json["conflicts"]?.arrayValue?.compactMap(\.stringValue) ?? []
            if !others.isEmpty { lines.append(words.atTheSameTime(others)) }
            if let account = json["account"]?.stringValue { lines.append(words.account(account)) }
            if !draft.guests.isEmpty, json["account"] == nil { lines.append(words.notInvited) }
            if json["unsynced"] != nil { lines.append(words.unsynced) }
            var memory = turn.memory
            memory.keep([.init(CalEntry.label(draft.title), reference)], at: turn.now)
            return AgentAnswer(lines.joined(separator: "\n"), memory: memory)
        } catch ToolError.needsApproval {
            return AgentAnswer(words.needsApproval(draft.title), memory: turn.memory)
        }
    }

    /// Moves an event: a day without a time keeps the time, a time without a day keeps the day.
    private static func move(_ draft: CalDraft, _ clock: CalClock, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = clock.words
        let event = draft.event ?? ""
        var draft = draft
        var start: (date: Date, isMoved: Bool)?
        if draft.day != nil || draft.minute != nil {
            if draft.day == nil || draft.minute == nil {
                guard let old = try await span(of: event, clock, turn) else { throw ToolError.notFound }
                let civil = clock.zone.civil(old.start)
                draft.day = draft.day ?? civil.day
                draft.minute = draft.minute ?? civil.minute
            }
            let (day, minute) = (draft.day ?? clock.today, draft.minute ?? 0)
            if let question = askWhenPast(draft, day, minute, clock, turn) { return question }
            start = clock.zone.moment(day, minute: minute)
        }
        var arguments: JSONObject = ["event": .string(event), "what": .string(draft.title)]
        arguments["start"] = start.map { .string(Timestamp.string($0.date)) }
        arguments["durationMin"] = draft.duration.map { .integer(Int64(min(max($0, 1), 1_440))) }
        do {
            let json = try await turn.tools.call("cal_update", arguments)
            guard let span = CalLists.span(json) else { throw ToolError.notFound }
            let gap = start?.isMoved == true ? ["\n" + words.wasInGap(draft.minute ?? 0)] : []
            return AgentAnswer(([words.moved(draft.title, span)] + gap).joined(), memory: turn.memory)
        } catch ToolError.needsApproval {
            return AgentAnswer(words.needsApproval(draft.title), memory: turn.memory)
        }
    }

    /// When the event is now: an update that changes nothing tells it.
    private static func span(of event: String, _ clock: CalClock, _ turn: AgentTurn) async throws -> DateSpan? {
        let json = try await turn.tools.call("cal_get", ["event": .string(event)])
        return CalLists.span(json)
    }
}
