extension WhenReader {
    /// The next words as a time of day, in minutes: `15:00`, `3pm`, `at 9`, `a las 3 y media de la tarde`, `noon`.
    /// A bare number counts only after `at` or `a las`.
    mutating func readTime() -> Int? {
        attempt { reader in
            let start = reader.place
            while reader.place - start < 2, reader.take(WhenWords.beforeTime) {}
            let isMarked = reader.place > start
            if reader.take(["noon", "midday", "mediodia"]) { return 12 * 60 }
            if reader.take(["midnight", "medianoche"]) { return 0 }
            guard let word = reader.word(), let written = Self.clock(word) else { return nil }
            reader.place += 1
            var (hour, minute) = (written.hour, written.minute ?? 0)
            var half = written.half
            if written.minute == nil, half == nil {
                if reader.take("y", "media") { minute = 30 } else if reader.take("y", "cuarto") { minute = 15 }
            }
            if half == nil { half = reader.halfOfDay() }
            if let half {
                guard let moved = Self.hour(hour, half) else { return nil }
                hour = moved
            } else if written.minute == nil, !written.hasUnit {
                guard isMarked || reader.take(["h", "hrs", "horas"]) else { return nil }
            }
            return hour < 24 && minute < 60 ? hour * 60 + minute : nil
        }
    }

    /// The next words as a duration in minutes: `30m`, `1h30`, `90 min`, `2 hours`, `una hora y media`, `half an hour`.
    mutating func readDuration() -> Int? {
        attempt { reader in
            if reader.take("half", "an", "hour") || reader.take("media", "hora") { return 30 }
            if reader.take("un", "cuarto", "de", "hora") || reader.take("quarter", "of", "an", "hour") { return 15 }
            if reader.take("hora", "y", "media") { return 90 }
            guard let word = reader.word() else { return nil }
            if let minutes = Self.compactDuration(word) {
                reader.place += 1
                return minutes
            }
            guard let count = Self.quantity(word), let unit = reader.word(1) else { return nil }
            if WhenWords.minutes.contains(unit) {
                reader.place += 2
                return Int(count.rounded())
            }
            guard WhenWords.hours.contains(unit), count <= 1_000 else { return nil }
            reader.place += 2
            let hours = Int((count * 60).rounded())
            if reader.take("and", "a", "half") || reader.take("y", "media") { return hours + 30 }
            let more: Int? = reader.attempt { reader in
                _ = reader.take(["and", "y"])
                guard let minutes = reader.word().flatMap(WhenWords.number), let unit = reader.word(1),
                    WhenWords.minutes.contains(unit)
                else { return nil }
                reader.place += 2
                return minutes
            }
            return hours + (more ?? 0)
        }
    }

    // MARK: Times

    private enum Half { case morning, afternoon, night }

    private mutating func halfOfDay() -> Half? {
        if take(["am", "a.m"]) { return .morning }
        if take(["pm", "p.m"]) { return .afternoon }
        return attempt { reader in
            guard reader.take(["in", "de", "por", "at"]) else { return nil }
            _ = reader.take(["the", "la"])
            if reader.take(WhenWords.morning) { return .morning }
            if reader.take(WhenWords.afternoon) { return .afternoon }
            return reader.take(WhenWords.night) ? .night : nil
        }
    }

    private static func hour(_ hour: Int, _ half: Half) -> Int? {
        switch (half, hour) {
        case (_, 13...23): hour
        case (.morning, 1...12), (.night, 12), (.night, 1...5): hour % 12
        case (.afternoon, 1...12), (.night, 6...11): hour % 12 + 12
        default: nil
        }
    }

    private struct Clock {
        var hour: Int
        var minute: Int?
        var half: Half?
        var hasUnit = false
    }

    /// `15:00`, `15h`, `15h30`, `3pm`, `3:30pm`, `9`.
    private static func clock(_ word: String) -> Clock? {
        var rest = word[...]
        var half: Half?
        for (ending, value) in [("a.m", Half.morning), ("p.m", .afternoon), ("am", .morning), ("pm", .afternoon)]
        where rest.hasSuffix(ending) {
            rest = rest.dropLast(ending.count)
            half = value
            break
        }
        let separator = rest.firstIndex { $0 == ":" || $0 == "h" }
        guard let hour = WhenWords.digits(rest[..<(separator ?? rest.endIndex)], 1...2), hour < 25 else { return nil }
        guard let separator else { return Clock(hour: hour, minute: nil, half: half) }
        let tail = rest[rest.index(after: separator)...]
        if tail.isEmpty, rest[separator] == "h" { return Clock(hour: hour, minute: nil, half: half, hasUnit: true) }
        guard let minute = WhenWords.digits(tail, 2...2), minute < 60 else { return nil }
        return Clock(hour: hour, minute: minute, half: half, hasUnit: true)
    }

    // MARK: Durations

    /// `30m`, `45min`, `1h`, `1h30`, `1h30m`, `1.5h`, `1:30`.
    private static func compactDuration(_ word: String) -> Int? {
        let number = word.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
        let unit = word.dropFirst(number.count)
        guard let count = quantity(String(number)), count <= 100_000 else { return nil }
        if WhenWords.minutes.contains(String(unit)) { return Int(count.rounded()) }
        if WhenWords.hours.contains(String(unit)) { return Int((count * 60).rounded()) }
        guard let mark = unit.first, mark == "h" || mark == ":", let hours = WhenWords.digits(number, 1...3) else {
            return nil
        }
        let tail = unit.dropFirst()
        let digits = tail.prefix { $0.isASCII && $0.isNumber }
        guard let minutes = WhenWords.digits(digits, 1...2), minutes < 60 else { return nil }
        let end = String(tail.dropFirst(digits.count))
        return end.isEmpty || (mark == "h" && WhenWords.minutes.contains(end)) ? hours * 60 + minutes : nil
    }

    private static func quantity(_ word: String) -> Double? {
        if let number = WhenWords.number(word) { return Double(number) }
        let parts = word.split(whereSeparator: { $0 == "." || $0 == "," })
        guard parts.count == 2, WhenWords.digits(parts[0], 1...3) != nil, WhenWords.digits(parts[1], 1...2) != nil
        else {
            return nil
        }
        return Double("\(parts[0]).\(parts[1])")
    }
}
