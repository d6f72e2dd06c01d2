import Foundation

/// Reads days, times of day and durations out of words, in English and Spanish, one after the other. Pure: what it says
/// follows from the words, the present day and the order in which the company writes numeric dates.
struct WhenReader: Sendable {
    /// A day as it was written.
    enum Day: Sendable, Hashable {
        /// This one.
        case day(CivilDate)
        /// Day first, or month first: the words fit both.
        case either(CivilDate, CivilDate)
    }

    /// Days as they were written.
    enum Days: Sendable, Hashable {
        /// From one to another, both included.
        case days(ClosedRange<CivilDate>)
        /// One day, which can be read in two ways.
        case either(CivilDate, CivilDate)
    }

    let words: [String]
    let today: CivilDate
    /// The minute of the day that it is now.
    let minute: Int
    /// Whether the company writes the day before the month; nil when that is not known.
    let isDayFirst: Bool?
    var place = 0

    init(_ words: [String], today: CivilDate, minute: Int = 0, isDayFirst: Bool? = nil) {
        self.words = words
        self.today = today
        self.minute = minute
        self.isDayFirst = isDayFirst
    }

    init(_ text: String, now: Date, zone: TimeZone, isDayFirst: Bool? = nil) {
        let here = zone.civil(now)
        self.init(
            FoldedText(text).words.map(\.folded), today: here.day, minute: here.minute, isDayFirst: isDayFirst)
    }

    var isAtEnd: Bool { place >= words.count }

    func word(_ offset: Int = 0) -> String? {
        words.indices.contains(place + offset) ? words[place + offset] : nil
    }

    /// Steps over the next word when it is one of these.
    mutating func take(_ accepted: Set<String>) -> Bool {
        guard let word = word(), accepted.contains(word) else { return false }
        place += 1
        return true
    }

    /// Steps over these words when they come next, all of them.
    mutating func take(_ sequence: String...) -> Bool {
        for (offset, expected) in sequence.enumerated() where word(offset) != expected { return false }
        place += sequence.count
        return true
    }

    /// Runs `body`, and steps back when it finds nothing.
    mutating func attempt<Value>(_ body: (inout WhenReader) -> Value?) -> Value? {
        let start = place
        if let value = body(&self) { return value }
        place = start
        return nil
    }
}
