/// Timestamps as Postgres writes them with `DateStyle` ISO: `2026-11-21 05:56:53.123456+00`, also `+05:30`, ` BC`, and
/// a bare date. Counted in microseconds since 1970 in UTC, in the proleptic Gregorian calendar that Postgres uses.
enum TimestampText {
    static let perDay: Int64 = 86_400_000_000

    static func string(microseconds: Int64) -> String {
        let days = microseconds.flooredQuotient(by: perDay)
        let time = microseconds - days * perDay
        let (year, month, day) = CivilDay.date(days)
        let second = time / 1_000_000
        var text = padded(year > 0 ? year : 1 - year, 4)
        text += "-" + padded(month, 2) + "-" + padded(day, 2)
        text += " " + padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
        text += "." + padded(time % 1_000_000, 6) + "+00"
        return year > 0 ? text : text + " BC"
    }

    /// Nil when the text is anything else, `infinity` for one.
    static func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var reader = Reader(text)
        guard var year = reader.digits(4...6), reader.skip("-"), let month = reader.digits(2...2), reader.skip("-"),
            let day = reader.digits(2...2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var time: Int64 = 0
        if reader.skip(" ", before: "0"..."9") {
            guard let clock = reader.clock() else { return nil }
            time = clock
            if let sign = reader.sign() {
                guard let offset = reader.offset() else { return nil }
                time -= sign * offset
            }
        }
        if reader.skip(" "), reader.skip("B"), reader.skip("C") { year = 1 - year }
        guard reader.isAtEnd else { return nil }
        return CivilDay.number(year: year, month: month, day: day) * perDay + time
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private struct Reader {
        let text: UnsafeBufferPointer<UInt8>
        var index = 0

        init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

        var isAtEnd: Bool { index == text.count }
        var next: UInt8? { index < text.count ? text[index] : nil }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func skip(_ character: Unicode.Scalar, before range: ClosedRange<Unicode.Scalar>) -> Bool {
            guard index + 1 < text.count, range.contains(Unicode.Scalar(text[index + 1])) else { return false }
            return skip(character)
        }

        mutating func digits(_ width: ClosedRange<Int>) -> Int64? {
            var value: Int64 = 0
            let start = index
            while index - start < width.upperBound, let byte = next, (48...57).contains(byte) {
                value = value * 10 + Int64(byte - 48)
                index += 1
            }
            return index - start >= width.lowerBound ? value : nil
        }

        mutating func clock() -> Int64? {
            guard let hour = digits(2...2), skip(":"), let minute = digits(2...2), skip(":"),
                let second = digits(2...2), hour <= 24, minute < 60, second <= 60
            else { return nil }
            var fraction: Int64 = 0
            if skip(".") {
                let start = index
                guard let digits = digits(1...6) else { return nil }
                fraction = digits
                for _ in (index - start)..<6 { fraction *= 10 }
            }
            return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
        }

        mutating func sign() -> Int64? {
            if skip("+") { return 1 }
            return skip("-") ? -1 : nil
        }

        /// `05`, `05:30` or `05:30:15`.
        mutating func offset() -> Int64? {
            guard var seconds = digits(2...2).map({ $0 * 3600 }) else { return nil }
            if skip(":") {
                guard let minutes = digits(2...2) else { return nil }
                seconds += minutes * 60
                if skip(":") {
                    guard let rest = digits(2...2) else { return nil }
                    seconds += rest
                }
            }
            return seconds * 1_000_000
        }
    }
}
