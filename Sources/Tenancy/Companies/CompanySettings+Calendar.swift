public import Foundation
import JSON

/// When a company works.
public struct WorkingHours: Sendable, Hashable {
    /// The minute of the day at which work begins.
    public var start: Int
    /// The minute of the day at which it ends.
    public var end: Int
    /// The working days, 1 for Monday to 7 for Sunday.
    public var days: Set<Int>

    /// Monday to Friday, nine to six: what a company that says nothing has.
    public static let standard = WorkingHours(start: 9 * 60, end: 18 * 60, days: [1, 2, 3, 4, 5])

    init(start: Int, end: Int, days: Set<Int>) {
        self.start = start
        self.end = end
        self.days = days
    }

    /// Reads `{"start": "09:00", "end": "18:00", "days": [1, 2, 3, 4, 5]}`; nil for anything else.
    init?(_ json: JSONValue) {
        guard let start = json["start"]?.stringValue.flatMap(Self.minute),
            let end = json["end"]?.stringValue
                .flatMap(Self.minute), start < end
        else { return nil }
        let days = json["days"]?.arrayValue.map { $0.compactMap { $0.integerValue.flatMap { Int(exactly: $0) } } }
        guard days?.allSatisfy((1...7).contains) ?? true else { return nil }
        self.init(start: start, end: end, days: Set(days ?? [1, 2, 3, 4, 5]))
    }

    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]),
            (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 24 * 60
        else { return nil }
        return hour * 60 + minute
    }
}

extension CompanySettings {
    /// The zone of the company's clocks, `timeZone`; nil when it was never set.
    public var timeZone: TimeZone? { object["timeZone"]?.stringValue.flatMap { TimeZone(identifier: $0) } }

    /// When the company works, `workingHours`.
    public var workingHours: WorkingHours { object["workingHours"].flatMap { WorkingHours($0) } ?? .standard }

    /// When the company says that it works; nil where it says nothing.
    public var statedWorkingHours: WorkingHours? { object["workingHours"].flatMap { WorkingHours($0) } }

    /// Whether the company writes the day before the month, which follows from `locale` (`en-US`, `es-ES`); nil when
    /// that is not set.
    public var isDayFirst: Bool? {
        guard let locale = object["locale"]?.stringValue else { return nil }
        let region = locale.split(whereSeparator: { $0 == "-" || $0 == "_" }).last.map { $0.uppercased() }
        return region != "US"
    }

    /// The address that the company's e-mail comes from, `emailAddress`.
    public var emailAddress: EmailAddress? { object["emailAddress"]?.stringValue.flatMap { EmailAddress($0) } }

    func checkCalendar(into checks: inout FieldChecks) {
        if let zone = object["timeZone"], !zone.isNull, timeZone == nil {
            checks.add("settings.timeZone", "invalid", "must be an IANA name, such as Europe/Madrid")
        }
        if let hours = object["workingHours"], !hours.isNull, WorkingHours(hours) == nil {
            checks.add(
                "settings.workingHours", "invalid",
                "must be like {\"start\": \"09:00\", \"end\": \"18:00\", \"days\": [1, 2, 3, 4, 5]}, 1 being Monday")
        }
        if let locale = object["locale"], !locale.isNull {
            if locale.stringValue == nil { checks.add("settings.locale", "invalid", "must be text, such as en-US") }
            checks.text("settings.locale", locale.stringValue, 2...35)
        }
        if let address = object["emailAddress"], !address.isNull, emailAddress == nil {
            checks.add("settings.emailAddress", "invalid", "must be an e-mail address")
        }
    }
}
