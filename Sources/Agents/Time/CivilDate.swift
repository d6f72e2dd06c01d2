import Foundation
import JSON

/// A day of the Gregorian calendar, without a time and without a zone.
public struct CivilDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    public let number: Int

    /// The day that is so many days after 1970-01-01.
    public init(number: Int) { self.number = number }

    /// The day with this year (1 to 9999), month and day of the month; nil when there is none.
    public init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            let start = Timestamp.parse("\(Self.pad(year, 4))-\(Self.pad(month, 2))-\(Self.pad(day, 2))T00:00:00Z")
        else { return nil }
        number = Int((start.timeIntervalSince1970 / 86_400).rounded())
    }

    /// Reads `2026-04-03`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return nil }
        self.init(year, month, day)
    }

    /// `2026-04-03`.
    public var text: String {
        String(Timestamp.string(Date(timeIntervalSince1970: Double(number) * 86_400)).prefix(10))
    }

    /// Year, month and day of the month.
    public var parts: (year: Int, month: Int, day: Int) {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return parts.count == 3 ? (parts[0], parts[1], parts[2]) : (1970, 1, 1)
    }

    /// 1 for Monday to 7 for Sunday.
    public var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

    /// The day that is so many days later.
    public func adding(_ days: Int) -> CivilDate { CivilDate(number: number + days) }

    /// By time.
    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.number < right.number }

    static func pad(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension TimeZone {
    /// The day and the minute of the day (0 to 1439) that clocks of this zone show.
    func civil(_ date: Date) -> (day: CivilDate, minute: Int) {
        let local = date.timeIntervalSince1970 + Double(secondsFromGMT(for: date))
        let day = (local / 86_400).rounded(.down)
        return (CivilDate(number: Int(day)), Int(((local - day * 86_400) / 60).rounded(.down)))
    }

    /// The moment when clocks of this zone show a time. Of a time that comes twice (the clock is put back) the first; a
    /// time that does not come (the clock is put forward) is moved forward by as much as the clock, and that is told.
    func moment(_ day: CivilDate, minute: Int) -> (date: Date, isMoved: Bool) {
        let local = Double(day.number) * 86_400 + Double(minute) * 60
        // Zones change their offset by less than a day, and not twice within two.
        let before = secondsFromGMT(for: Date(timeIntervalSince1970: local - 86_400))
        let after = secondsFromGMT(for: Date(timeIntervalSince1970: local + 86_400))
        for offset in [before, after] {
            let date = Date(timeIntervalSince1970: local - Double(offset))
            if secondsFromGMT(for: date) == offset { return (date, false) }
        }
        return (Date(timeIntervalSince1970: local - Double(before)), true)
    }

    /// From the day's first moment to the next day's.
    func interval(of days: ClosedRange<CivilDate>) -> DateSpan {
        DateSpan(
            start: moment(days.lowerBound, minute: 0).date, end: moment(days.upperBound.adding(1), minute: 0).date)
    }
}
