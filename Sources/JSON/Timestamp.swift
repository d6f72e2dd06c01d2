public import Foundation

/// Points in time as text: RFC 3339 in UTC with milliseconds, `2026-01-31T08:05:00.250Z`.
public enum Timestamp {
    /// Writes `date`. Times before year 1 and after year 9999 are written as the nearest time inside.
    public static func string(_ date: Date) -> String {
        String(unsafeUninitializedCapacity: length) { buffer in
            write(date, into: buffer)
            return length
        }
    }

    /// The bytes of a time.
    static let length = 24

    /// Writes ``length`` bytes.
    static func write(_ date: Date, into buffer: UnsafeMutableBufferPointer<UInt8>) {
        let bounds = -62_135_596_800_000.0...253_402_300_799_999.0
        let exact = (date.timeIntervalSince1970 * 1000).rounded(.toNearestOrAwayFromZero)
        let milliseconds = Int64(min(max(exact, bounds.lowerBound), bounds.upperBound))
        let (days, rest) = milliseconds.floored(by: 86_400_000)
        let (year, month, day) = civil(fromDays: days)
        var place = 0
        /// Writes the digits of `number` and what follows them.
        func append(_ number: Int64, digits: Int, _ next: Unicode.Scalar) {
            var number = number
            for offset in stride(from: digits - 1, through: 0, by: -1) {
                buffer[place + offset] = UInt8(ascii: "0") + UInt8(number % 10)
                number /= 10
            }
            buffer[place + digits] = UInt8(ascii: next)
            place += digits + 1
        }
        append(year, digits: 4, "-")
        append(month, digits: 2, "-")
        append(day, digits: 2, "T")
        append(rest / 3_600_000, digits: 2, ":")
        append(rest / 60_000 % 60, digits: 2, ":")
        append(rest / 1000 % 60, digits: 2, ".")
        append(rest % 1000, digits: 3, "Z")
    }

    /// Reads RFC 3339 with any offset and up to nine digits of a second; `nil` for everything else.
    public static func parse(_ text: String) -> Date? {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int) -> Int64? {
            guard rest.count >= digits else { return nil }
            var value: Int64 = 0
            for byte in rest.prefix(digits) {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            rest = rest.dropFirst(digits)
            return value
        }
        func take(_ characters: String) -> UInt8? {
            guard let first = rest.first, characters.utf8.contains(first) else { return nil }
            rest = rest.dropFirst()
            return first
        }
        guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil, let day = number(2),
            take("Tt ") != nil, let hour = number(2), take(":") != nil, let minute = number(2), take(":") != nil,
            let second = number(2), (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction = 0.0
        if take(".") != nil {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard (1...9).contains(digits.count), let value = number(digits.count) else { return nil }
            fraction = Double(value)
            for _ in 0..<digits.count { fraction /= 10 }
        }
        var offset: Int64 = 0
        switch take("Zz+-") {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): break
        case let sign?:
            guard let hours = number(2), take(":") != nil, let minutes = number(2), hours < 24, minutes < 60 else {
                return nil
            }
            offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
        case nil: return nil
        }
        guard rest.isEmpty else { return nil }
        let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 of the proleptic Gregorian calendar, counted in years that begin in March so that the
    /// leap day comes last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.floored(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Quotient rounded down and the remainder that is never negative.
    fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Date {
    /// This time to the nearest millisecond: what the stores keep and the answers show.
    public var inMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded() / 1000)
    }
}
