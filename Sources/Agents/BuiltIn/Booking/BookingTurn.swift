import Foundation
import JSON

/// One answer about appointments, for any agent that holds their tools: what is free, and asking for a time.
struct BookingTurn {
    /// Times that are offered at once.
    static let offered = 5

    private let turn: AgentTurn
    private let language: Language

    /// Nil where the agent does not hold the tools, or the company takes no bookings.
    init?(_ turn: AgentTurn, _ language: Language) {
        guard turn.tools.holds(CalSlotsTool.toolName), turn.tools.holds(CalRequestTool.toolName) else { return nil }
        self.turn = turn
        self.language = language
    }

    /// What a company's clocks and hours are, as the tool tells it, with the next free times.
    private struct Desk {
        var words: BookingPhrases
        var today: CivilDate
        var minute: Int
        var isDayFirst: Bool?
        var opens: Int
        var closes: Int
        /// Minutes of an appointment of which nobody says how long.
        var duration: Int
        /// When the next free appointments begin.
        var next: [String]

        var zone: TimeZone { words.zone }
    }

    /// The answer; nil when the text speaks of something else.
    func answer(_ text: FoldedText) async throws -> AgentAnswer? {
        // Read by any zone first: most messages want no appointment, and cost no look-up.
        guard BookingWish.read(text, today: roughToday, minute: 0, isDayFirst: nil) != nil else { return nil }
        return try await guarded { desk in
            let wish = BookingWish.read(
                text, today: desk.today, minute: desk.minute, isDayFirst: desk.isDayFirst)
            return try await find(wish ?? BookingWish(), desk)
        }
    }

    /// Goes on with the answer to a question; nil when the text is something else.
    func resume(_ question: PendingQuestion, _ text: FoldedText) async throws -> AgentAnswer? {
        guard var form = BookingForm(question.note) else { return nil }
        let reply = PendingReply.read(text, for: question)
        switch form.asks {
        case .slot, .day:
            if case .option(let option) = reply {
                return try await guarded { desk in
                    guard form.asks == .day else {
                        form.start = option.value
                        return try await request(form, contact: nil, desk)
                    }
                    var wish = BookingWish(minute: form.minute, duration: form.duration)
                    wish.days = CivilDate(option.value).map { .days($0...$0) }
                    return try await find(wish, desk)
                }
            }
        case .confirm where reply == .yes:
            return try await guarded { try await request(form, contact: nil, $0) }
        case .name:
            if !isRefusal(text), let name = OrderForm.name(in: text), SalesIntent.read(text).intent == nil {
                form.name = name
                return try await guarded { ask(form, .contact, $0.words.yourContact) }
            }
        case .contact:
            if let contact = OrderForm.contact(in: text) {
                return try await guarded { try await request(form, contact: contact, $0) }
            }
        case .confirm: break
        }
        if reply == .no || isRefusal(text) { return try await guarded { done($0.words.fine, "decline") } }
        return try await other(form, text)
    }

    /// Another time, or the same question once more; nil when it is neither, without a look at the calendar.
    private func other(_ form: BookingForm, _ text: FoldedText) async throws -> AgentAnswer? {
        guard text.words.count <= 8, SalesIntent.read(text).intent == nil else { return nil }
        let namesTime = BookingWish.when(text, today: roughToday, minute: 0, isDayFirst: nil).hasWhen
        let isAskedAgain = form.misses < 1 && (form.asks == .name || form.asks == .contact)
        guard namesTime || isAskedAgain else { return nil }
        return try await guarded { desk in
            guard namesTime else {
                var form = form
                form.misses += 1
                return ask(form, form.asks, form.asks == .name ? desk.words.yourName : desk.words.yourContact)
            }
            var wish = BookingWish.when(text, today: desk.today, minute: desk.minute, isDayFirst: desk.isDayFirst)
            wish.duration = wish.duration ?? form.duration
            // "At 11" speaks of the day that was spoken of.
            if wish.days == nil, let start = form.start.flatMap({ Timestamp.parse($0) }) {
                let day = desk.zone.civil(start).day
                wish.days = .days(day...day)
            }
            return try await find(wish, desk)
        }
    }

    /// The day by UTC, near enough to know whether a text names one.
    private var roughToday: CivilDate {
        CivilDate(number: Int((turn.now.timeIntervalSince1970 / 86_400).rounded(.down)))
    }

    private func isRefusal(_ text: FoldedText) -> Bool {
        ["no", "no thanks", "no gracias", "cancel", "cancela", "cancelar", "stop", "never mind", "nada", "dejalo"]
            .contains(text.line)
    }

    // MARK: Steps

    /// Looks a wish up: the time it names, the day it names, or what is free next.
    private func find(_ wish: BookingWish, _ desk: Desk) async throws -> AgentAnswer {
        let span: ClosedRange<CivilDate>
        switch wish.days {
        case .either(let first, let second): return askDay(first, second, wish, desk)
        case .days(let days): span = days
        case nil:
            guard let minute = wish.minute else { return offer(desk.next, nil, "", wish, desk) }
            // A time without a day: today, or tomorrow when it is past.
            let day = inHours(minute, desk) > desk.minute ? desk.today : desk.today.adding(1)
            span = day...day
        }
        let day = span.lowerBound
        if span.upperBound == day, let minute = wish.minute {
            let start = desk.zone.moment(day, minute: inHours(minute, desk)).date
            if try await slots(from: start, minutes: wish.duration, desk).first == Timestamp.string(start) {
                return try await chosen(start, wish, desk)
            }
            let near = try await slots(on: span, minutes: wish.duration, desk)
            return offer(
                near.isEmpty ? desk.next : near, near.isEmpty ? nil : span, desk.words.notFree(desk.words.start(start)),
                wish, desk)
        }
        let found = try await slots(on: span, minutes: wish.duration, desk)
        let name = CalPhrases(language, zone: desk.zone).days(span)
        if found.isEmpty { return offer(desk.next, nil, desk.words.nothingFree(name), wish, desk) }
        return offer(found, span, "", wish, desk)
    }

    private func chosen(_ start: Date, _ wish: BookingWish, _ desk: Desk) async throws -> AgentAnswer {
        var form = BookingForm(duration: wish.duration)
        form.start = Timestamp.string(start)
        guard wish.isQuestion else { return try await request(form, contact: nil, desk) }
        return ask(form, .confirm, desk.words.free(desk.words.start(start)))
    }

    /// Asks for the time, or for what is missing.
    private func request(_ form: BookingForm, contact: String?, _ desk: Desk) async throws -> AgentAnswer {
        var arguments: JSONObject = ["start": .string(form.start ?? "")]
        arguments["durationMin"] = form.duration.map { .integer(Int64($0)) }
        arguments["name"] = form.name.map { .string($0) }
        arguments["contact"] = contact.map { .string($0) }
        let json = try await turn.tools.call(CalRequestTool.toolName, arguments)
        if json["requested"]?.boolValue == true,
            let start = json["start"]?.stringValue.flatMap({ Timestamp.parse($0) }),
            let end = json["end"]?.stringValue.flatMap({ Timestamp.parse($0) })
        {
            return done(
                desk.words.requested(desk.words.moment(DateSpan(start: start, end: end))), BookingForm.skill)
        }
        switch json["reason"]?.stringValue {
        case "contact":
            return form.name == nil
                ? ask(form, .name, desk.words.yourName) : ask(form, .contact, desk.words.yourContact)
        case "limit": return done(desk.words.tooMany, BookingForm.skill)
        default:
            let start =
                form.start.flatMap { Timestamp.parse($0) }.map { desk.words.notFree(desk.words.start($0)) } ?? ""
            return offer(desk.next, nil, start, BookingWish(duration: form.duration), desk)
        }
    }

    // MARK: Words

    private func offer(
        _ starts: [String], _ span: ClosedRange<CivilDate>?, _ lead: String, _ wish: BookingWish, _ desk: Desk
    ) -> AgentAnswer {
        guard !starts.isEmpty else {
            return done(
                [lead, desk.words.nothingFree(nil)].filter { !$0.isEmpty }.joined(separator: " "), BookingForm.skill)
        }
        let options = starts.prefix(Self.offered).compactMap { start in
            Timestamp.parse(start).map { PendingQuestion.Option(desk.words.start($0), start) }
        }
        let name = span.map { CalPhrases(language, zone: desk.zone).days($0) }
        let lines = [lead, numbered(desk.words.offer(name), options)].filter { !$0.isEmpty }
        var form = BookingForm(duration: wish.duration)
        // The day that is spoken of, for an answer that names a time alone.
        form.start = span == nil ? nil : starts.first
        return ask(form, .slot, lines.joined(separator: "\n"), options)
    }

    private func askDay(_ first: CivilDate, _ second: CivilDate, _ wish: BookingWish, _ desk: Desk) -> AgentAnswer {
        var form = BookingForm(duration: wish.duration)
        form.minute = wish.minute
        let options = [first, second].map { PendingQuestion.Option(desk.words.day($0), $0.text) }
        return ask(form, .day, numbered(desk.words.whichDay, options), options)
    }

    private func ask(
        _ form: BookingForm, _ slot: BookingForm.Slot, _ text: String,
        _ options: [PendingQuestion.Option] = []
    ) -> AgentAnswer {
        var form = form
        if form.asks != slot { form.misses = 0 }
        form.asks = slot
        var answer = done(text, BookingForm.skill)
        answer.memory.pending = PendingQuestion(
            skill: BookingForm.skill, options: options, note: form.note, language: language, askedAt: turn.now)
        return answer
    }

    private func done(_ text: String, _ skill: String) -> AgentAnswer {
        var memory = turn.memory
        memory.pending = nil
        memory.misses = 0
        var answer = AgentAnswer(turn.voice.allowed(text), memory: memory, confidence: 1)
        answer.complete(skill: skill, confidence: 1)
        return answer
    }

    // MARK: Tools

    /// Runs `body` with what the tool tells of the company.
    private func guarded(_ body: (Desk) async throws -> AgentAnswer?) async throws -> AgentAnswer? {
        do {
            let json = try await turn.tools.call(CalSlotsTool.toolName)
            let zone = json["timeZone"]?.stringValue.flatMap { TimeZone(identifier: $0) } ?? .gmt
            let here = zone.civil(turn.now)
            return try await body(
                Desk(
                    words: BookingPhrases(language: language, zone: zone, voice: turn.voice), today: here.day,
                    minute: here.minute, isDayFirst: json["dayFirst"]?.boolValue,
                    opens: json["opens"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0,
                    closes: json["closes"]?.integerValue.flatMap { Int(exactly: $0) } ?? 1_440,
                    duration: json["durationMin"]?.integerValue.flatMap { Int(exactly: $0) } ?? 30,
                    next: Self.starts(json)))
        } catch let error as ToolError where error.isOfTheCalendar {
            let words = BookingPhrases(language: language, zone: .gmt, voice: turn.voice)
            return done(words.unavailable, BookingForm.skill)
        }
    }

    private static func starts(_ json: JSONValue) -> [String] {
        json["slots"]?.arrayValue?.compactMap { $0["start"]?.stringValue } ?? []
    }

    private func slots(on days: ClosedRange<CivilDate>, minutes: Int?, _ desk: Desk) async throws -> [String] {
        let span = desk.zone.interval(of: days)
        return try await slots(DateSpan(start: max(span.start, turn.now), end: span.end), minutes)
    }

    private func slots(from start: Date, minutes: Int?, _ desk: Desk) async throws -> [String] {
        // As long as one appointment: then nothing but this very time fits.
        let end = start.addingTimeInterval(Double(minutes ?? desk.duration) * 60)
        return try await slots(DateSpan(start: start, end: end), minutes)
    }

    private func slots(_ span: DateSpan, _ minutes: Int?) async throws -> [String] {
        guard span.end > span.start else { return [] }
        var arguments: JSONObject = [
            "from": .string(Timestamp.string(span.start)), "to": .string(Timestamp.string(span.end)),
        ]
        arguments["durationMin"] = minutes.map { .integer(Int64($0)) }
        return Self.starts(try await turn.tools.call(CalSlotsTool.toolName, arguments))
    }

    /// "At 3" is in the afternoon where the company works then and not in the night.
    private func inHours(_ minute: Int, _ desk: Desk) -> Int {
        minute < desk.opens && minute < 720 && minute + 720 < desk.closes ? minute + 720 : minute
    }
}

extension ToolError {
    /// Whether the calendar could not be looked at, or not once more.
    fileprivate var isOfTheCalendar: Bool {
        switch self {
        case .failed, .limit: true
        default: false
        }
    }
}
