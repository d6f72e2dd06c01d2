extension WhenReader {
    /// The next words as a day: `tomorrow`, `next friday`, `2026-04-03`, `3/4`, `3 de abril`, `in 3 days`.
    mutating func readDay() -> Day? {
        attempt { reader in
            let start = reader.place
            while reader.place - start < 2, reader.take(WhenWords.beforeDay) {}
            return reader.relativeDay() ?? reader.weekday() ?? reader.numericDay() ?? reader.namedDay()
        }
    }

    /// The next words as one day or more: what ``readDay()`` reads, `this week`, `next 3 days`, `este fin de semana`.
    mutating func readDays() -> Days? {
        if let range = attempt({ $0.span() }) { return .days(range) }
        switch readDay() {
        case .day(let day): return .days(day...day)
        case .either(let first, let second): return .either(first, second)
        case nil: return nil
        }
    }

    private mutating func span() -> ClosedRange<CivilDate>? {
        _ = take(["the", "la", "las", "los", "el"])
        if take("weekend") || take("this", "weekend") || take("fin", "de", "semana")
            || take("este", "fin", "de", "semana")
        {
            let saturday = today.weekday == 7 ? today.adding(-1) : today.adding(6 - today.weekday)
            return max(today, saturday)...saturday.adding(1)
        }
        let monday = today.adding(8 - today.weekday)
        if take("semana", "que", "viene") || take("week", "after", "this") { return monday...monday.adding(6) }
        let isNext = take(WhenWords.next)
        if !isNext { _ = take(WhenWords.this) }
        if isNext, let word = word(), let count = WhenWords.number(word), (1...62).contains(count) {
            place += 1
            if take(WhenWords.days) { return today...today.adding(count - 1) }
            if count <= 8, take(WhenWords.weeks) { return today...today.adding(7 * count - 1) }
            return nil
        }
        guard take(["week", "semana"]) else { return nil }
        return isNext ? monday...monday.adding(6) : today...today.adding(7 - today.weekday)
    }

    private mutating func relativeDay() -> Day? {
        if take("day", "after", "tomorrow") || take("pasado", "manana") { return .day(today.adding(2)) }
        if take(["today", "hoy", "tonight"]) { return .day(today) }
        if take(["tomorrow", "tmrw", "manana"]) { return .day(today.adding(1)) }
        if take(["yesterday", "ayer"]) { return .day(today.adding(-1)) }
        return attempt { reader in
            if reader.take("dentro") {
                guard reader.take("de") else { return nil }
            } else {
                guard reader.take(["in", "en"]) else { return nil }
            }
            guard let count = reader.word().flatMap(WhenWords.number), count <= 3_650 else { return nil }
            reader.place += 1
            if reader.take(WhenWords.days) { return .day(reader.today.adding(count)) }
            return count <= 520 && reader.take(WhenWords.weeks) ? .day(reader.today.adding(7 * count)) : nil
        }
    }

    private mutating func weekday() -> Day? {
        attempt { reader in
            var isNext = reader.take(WhenWords.next)
            if !isNext { _ = reader.take(WhenWords.this) }
            guard let target = reader.word().flatMap({ WhenWords.weekdays[$0] }) else { return nil }
            reader.place += 1
            if reader.take("que", "viene") || reader.take(["proximo", "siguiente"]) { isNext = true }
            let distance = (target - reader.today.weekday + 7) % 7
            return .day(reader.today.adding(distance == 0 && isNext ? 7 : distance))
        }
    }

    private mutating func numericDay() -> Day? {
        guard let word = word() else { return nil }
        for separator: Character in ["-", "/", "."] {
            let parts = word.split(separator: separator, omittingEmptySubsequences: false)
            guard parts.count == 3 || (parts.count == 2 && separator == "/") else { continue }
            guard let day = numericDay(parts, separator) else { return nil }
            place += 1
            return day
        }
        return nil
    }

    private func numericDay(_ parts: [Substring], _ separator: Character) -> Day? {
        if let year = WhenWords.digits(parts[0], 4...4) {
            guard parts.count == 3, let month = WhenWords.digits(parts[1], 1...2),
                let day = WhenWords.digits(parts[2], 1...2)
            else { return nil }
            return CivilDate(year, month, day).map { .day($0) }
        }
        guard let first = WhenWords.digits(parts[0], 1...2), let second = WhenWords.digits(parts[1], 1...2) else {
            return nil
        }
        var year: Int?
        if parts.count == 3 {
            guard let written = WhenWords.digits(parts[2], 2...4), parts[2].count != 3 else { return nil }
            year = written < 100 ? 2_000 + written : written
        }
        let dayFirst = day(first, second, year)
        // Dots between numbers are written by people who put the day first.
        let monthFirst = separator == "." ? nil : day(second, first, year)
        guard let dayFirst, let monthFirst else { return (dayFirst ?? monthFirst).map { .day($0) } }
        if dayFirst == monthFirst { return .day(dayFirst) }
        guard let isDayFirst else { return .either(dayFirst, monthFirst) }
        return .day(isDayFirst ? dayFirst : monthFirst)
    }

    private mutating func namedDay() -> Day? {
        attempt { reader in
            guard let first = reader.word() else { return nil }
            if let day = Self.dayOfMonth(first) {
                reader.place += 1
                _ = reader.take(["de", "of", "del"])
                guard let month = reader.word().flatMap({ WhenWords.months[$0] }) else { return nil }
                reader.place += 1
                return reader.day(day, month, reader.year()).map { .day($0) }
            }
            guard let month = WhenWords.months[first] else { return nil }
            reader.place += 1
            _ = reader.take("the")
            guard let day = reader.word().flatMap(Self.dayOfMonth) else { return nil }
            reader.place += 1
            return reader.day(day, month, reader.year()).map { .day($0) }
        }
    }

    private mutating func year() -> Int? {
        attempt { reader in
            _ = reader.take(["de", "del", "of"])
            guard let year = reader.word().flatMap({ WhenWords.digits($0, 4...4) }) else { return nil }
            reader.place += 1
            return year
        }
    }

    /// `3`, `3rd`, `1st`, `1º`.
    private static func dayOfMonth(_ word: String) -> Int? {
        for ending in ["st", "nd", "rd", "th", "º", "o", ""] where word.hasSuffix(ending) {
            if let day = WhenWords.digits(word.dropLast(ending.count), 1...2), (1...31).contains(day) { return day }
        }
        return nil
    }

    /// The day in this year; without a year the next one that comes, today included.
    private func day(_ day: Int, _ month: Int, _ year: Int?) -> CivilDate? {
        if let year { return CivilDate(year, month, day) }
        let present = today.parts.year
        // The 29th of February comes within eight years.
        return (present...present + 8).lazy.compactMap { CivilDate($0, month, day) }.first { $0 >= today }
    }
}
