import Foundation
import JSON

/// Checks that an answer about appointments names no day and no time of day that no tool returned in the same turn and
/// that nobody asked for.
struct TimeGrounding: Sendable {
    /// The longest span of days that a question to a tool makes known as a whole.
    private static let knownDays = 7

    private let zone: TimeZone
    private let now: Date

    /// Clocks of a zone, at a moment.
    init(zone: TimeZone, now: Date) {
        self.zone = zone
        self.now = now
    }

    /// Nil when nobody asked about appointments in this turn.
    init?(_ turn: AgentTurn) {
        let calls = turn.tools.calls.filter { $0.name == CalSlotsTool.toolName || $0.name == CalRequestTool.toolName }
        guard !calls.isEmpty else { return nil }
        let name = calls.compactMap { $0.result?["timeZone"]?.stringValue }.last
        self.init(zone: name.flatMap { TimeZone(identifier: $0) } ?? .gmt, now: turn.now)
    }

    private struct Moments {
        var days: [Set<CivilDate>] = []
        var minutes: [Int] = []
    }

    /// - Parameter said: what the person wrote.
    func isGrounded(_ text: String, in results: [JSONValue], said: String) -> Bool {
        let stated = moments(in: text)
        guard !stated.days.isEmpty || !stated.minutes.isEmpty else { return true }
        var known = moments(in: said)
        known.days.append([zone.civil(now).day])
        for result in results { collect(result, into: &known) }
        let days = known.days.reduce(into: Set<CivilDate>()) { $0.formUnion($1) }
        let minutes = Set(known.minutes)
        // "At 3" is often said of 15:00.
        return stated.days.allSatisfy { !$0.isDisjoint(with: days) }
            && stated.minutes.allSatisfy { minutes.contains($0) || $0 < 720 && minutes.contains($0 + 720) }
    }

    /// The days and times of day that a text names.
    private func moments(in text: String) -> Moments {
        let here = zone.civil(now)
        let words = FoldedText(text.replacing(/[–—]/, with: " ")).words.map { word in
            String(word.folded.trimmingSuffix { ".,;:!?)\"'".contains($0) }.drop { "(\"'¿¡".contains($0) })
        }
        var found = Moments()
        for isDayFirst in [true, false] {
            var reader = WhenReader(words, today: here.day, minute: here.minute, isDayFirst: isDayFirst)
            var place = 0
            while !reader.isAtEnd {
                // With a colon it is a time of day; "30 min" is none.
                let isClock = reader.word()?.contains(":") ?? false
                if reader.take("la", "manana") || !isClock && reader.readDuration() != nil { continue }
                if let day = reader.readDay() {
                    guard case .day(let day) = day else { continue }
                    // A numeric date that can be read in two ways is one mention with two readings.
                    if isDayFirst {
                        found.days.append([day])
                    } else if found.days.indices.contains(place) {
                        found.days[place].insert(day)
                    }
                    place += 1
                } else if let minute = reader.readTime() {
                    if isDayFirst { found.minutes.append(minute) }
                } else {
                    reader.place += 1
                }
            }
        }
        return found
    }

    private func collect(_ value: JSONValue, into known: inout Moments) {
        switch value {
        case .object(let members):
            for (key, member) in members where key != "from" && key != "to" {
                if key == "opens" || key == "closes", let minute = member.integerValue.flatMap({ Int(exactly: $0) }) {
                    known.minutes.append(minute)
                }
                collect(member, into: &known)
            }
            if let from = members["from"]?.stringValue.flatMap({ Timestamp.parse($0) }),
                let to = members["to"]?.stringValue.flatMap({ Timestamp.parse($0) })
            {
                let (first, last) = (zone.civil(from).day, zone.civil(to.addingTimeInterval(-1)).day)
                if last >= first, last.number - first.number < Self.knownDays {
                    known.days.append(Set((first.number...last.number).map { CivilDate(number: $0) }))
                }
            }
        case .array(let elements): for element in elements { collect(element, into: &known) }
        case .string(let text):
            if let moment = Timestamp.parse(text) {
                let civil = zone.civil(moment)
                known.days.append([civil.day])
                known.minutes.append(civil.minute)
            } else {
                let named = moments(in: text)
                known.days += named.days
                known.minutes += named.minutes
            }
        case .null, .bool, .integer, .number: break
        }
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> SubSequence {
        var rest = self[...]
        while let last = rest.last, condition(last) { rest = rest.dropLast() }
        return rest
    }
}
