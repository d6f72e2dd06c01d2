/// Days since 1970-01-01 and calendar dates, proleptic Gregorian; year 0 is 1 BC.
enum CivilDay {
    // A year that begins in March has its leap day last, which makes the length of the months a straight line:
    // (153 * month + 2) / 5 days lie before the month counted from March. 400 years are 146,097 days.
    private static let epoch: Int64 = 719_468

    static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
        let fromMarch = (month + 9) % 12
        let marchYear = year - (month < 3 ? 1 : 0)
        let leapDays =
            marchYear.flooredQuotient(by: 4) - marchYear.flooredQuotient(by: 100) + marchYear.flooredQuotient(by: 400)
        return marchYear * 365 + leapDays + (153 * fromMarch + 2) / 5 + day - 1 - epoch
    }

    static func date(_ number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = number + epoch
        let cycle = days.flooredQuotient(by: 146_097)
        let inCycle = days - cycle * 146_097
        let yearInCycle = (inCycle - inCycle / 1460 + inCycle / 36_524 - inCycle / 146_096) / 365
        let dayOfYear = inCycle - (365 * yearInCycle + yearInCycle / 4 - yearInCycle / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (
            year: cycle * 400 + yearInCycle + (month < 3 ? 1 : 0), month: month,
            day: dayOfYear - (153 * fromMarch + 2) / 5 + 1
        )
    }
}

extension Int64 {
    /// Division that rounds down, also for negative numbers.
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
