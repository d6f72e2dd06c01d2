import Foundation

/// Whether somebody wants an appointment, and when. Pure.
struct BookingWish: Sendable, Hashable {
    var days: WhenReader.Days?
    /// Minutes of the day.
    var minute: Int?
    /// Minutes.
    var duration: Int?
    /// Whether it was asked, and not said.
    var isQuestion = false

    var hasWhen: Bool { days != nil || minute != nil }

    /// Words that speak of appointments and of nothing else.
    private static let words: Set<String> = [
        "appointment", "appointments", "booking", "reservation", "reserve", "slot", "slots", "cita", "citas",
        "reservar", "reserva", "reservo", "agendar", "hueco", "huecos", "turno", "turnos",
    ]
    /// Words that do so beside a day or a time.
    private static let vague: Set<String> = ["book", "schedule", "visit", "come", "venir", "visitar", "free", "libre"]
    private static let phrases = [
        "can i come", "could i come", "can we come", "come by", "stop by", "drop by", "are you free", "puedo ir",
        "puedo pasar", "puedo venir", "podria ir", "podria pasar", "podemos ir", "hay sitio", "estais libres",
    ]
    /// "Book me a table", "quiero una cita": an article may stand in between.
    private static let bookable: Set<String> = ["appointment", "table", "slot", "time", "visit", "session", "class"]
    /// What undoes or asks about something that is booked is for people.
    private static let others: Set<String> = [
        "cancel", "cancela", "cancelar", "cancelo", "anular", "anula", "move", "change", "mover", "cambiar", "cambia",
        "my", "mi",
    ]

    /// The wish in a text; nil when it speaks of something else.
    static func read(_ text: FoldedText, today: CivilDate, minute: Int, isDayFirst: Bool?) -> BookingWish? {
        let tokens = tokens(text)
        guard tokens.count <= 40, !tokens.contains(where: others.contains) else { return nil }
        let wish = when(text, today: today, minute: minute, isDayFirst: isDayFirst)
        if tokens.contains(where: words.contains) { return wish }
        if tokens.contains("book"), tokens.contains(where: bookable.contains) { return wish }
        let line = " " + tokens.joined(separator: " ") + " "
        let isVague = tokens.contains(where: vague.contains) || phrases.contains { line.contains(" \($0) ") }
        return isVague && wish.hasWhen ? wish : nil
    }

    /// The days and times that a text names, whatever else it says.
    static func when(_ text: FoldedText, today: CivilDate, minute: Int, isDayFirst: Bool?) -> BookingWish {
        var wish = BookingWish()
        wish.isQuestion = text.original.contains("?") || text.original.contains("¿")
        var reader = WhenReader(
            tokens(text, keepingMarks: true), today: today, minute: minute, isDayFirst: isDayFirst)
        while !reader.isAtEnd {
            if wish.duration == nil, let minutes = reader.attempt({ $0.lasting() }) {
                wish.duration = minutes
            } else if wish.days == nil, let days = reader.readDays() {
                wish.days = days
            } else if wish.minute == nil, let minute = reader.readTime() {
                wish.minute = minute
            } else {
                reader.place += 1
            }
        }
        return wish
    }

    private static func tokens(_ text: FoldedText, keepingMarks: Bool = false) -> [String] {
        text.words.prefix(100).map { word in
            let bare = word.folded.drop { "¿¡(\"'".contains($0) }
            var end = bare
            while let last = end.last, "?!.,;)\"'".contains(last) { end = end.dropLast() }
            return keepingMarks ? String(end) : String(end.filter { $0.isLetter || $0.isNumber })
        }
    }
}

extension WhenReader {
    /// `for 45m`, `durante una hora`.
    fileprivate mutating func lasting() -> Int? {
        guard take(["for", "durante"]) else { return nil }
        return readDuration()
    }
}
