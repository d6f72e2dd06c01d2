public import Foundation
import JSON

/// How customers may ask for appointments, `settings.booking`:
/// `{"durationMin": 30, "noticeMin": 60, "daysAhead": 60, "openRequests": 3, "memberId": "…"}`, all of it optional.
public struct BookingSettings: Sendable, Hashable {
    /// How long an appointment lasts where nobody says, in minutes.
    public var durationMin: Int
    /// How long before its beginning it has to be asked for, in minutes.
    public var noticeMin: Int
    /// How far ahead it may be, in days.
    public var daysAhead: Int
    /// Requests that one customer may have waiting.
    public var openRequests: Int
    /// Whose calendar counts beside the company's own, and gets what is confirmed; nil for the company's alone.
    public var memberId: UUID?

    /// How long an appointment may last, in minutes.
    public static let durations = 5...480

    static let figures: [(name: String, range: ClosedRange<Int64>, standard: Int)] = [
        ("durationMin", 5...480, 30), ("noticeMin", 0...43_200, 60), ("daysAhead", 1...90, 60),
        ("openRequests", 1...20, 3),
    ]
}

extension CompanySettings {
    /// How customers may ask for appointments; nil where they may not, which is so until it is set.
    public var booking: BookingSettings? {
        guard let members = object["booking"]?.objectValue else { return nil }
        func figure(_ name: String) -> Int {
            let known = BookingSettings.figures.first { $0.name == name }
            return members[name]?.integerValue.flatMap { Int(exactly: $0) } ?? known?.standard ?? 0
        }
        return BookingSettings(
            durationMin: figure("durationMin"), noticeMin: figure("noticeMin"), daysAhead: figure("daysAhead"),
            openRequests: figure("openRequests"),
            memberId: members["memberId"]?.stringValue.flatMap { UUID(strict: $0) })
    }

    func checkBooking(into checks: inout FieldChecks) {
        guard let value = object["booking"], !value.isNull else { return }
        guard let members = value.objectValue else {
            return checks.add("settings.booking", "invalid", "must be an object, or null for no bookings")
        }
        for (name, range, _) in BookingSettings.figures {
            guard let figure = members[name], !figure.isNull else { continue }
            guard let number = figure.integerValue else {
                checks.add("settings.booking.\(name)", "invalid", "must be an integer")
                continue
            }
            checks.number("settings.booking.\(name)", number, range)
        }
        if let member = members["memberId"], !member.isNull, member.stringValue.flatMap({ UUID(strict: $0) }) == nil {
            checks.add("settings.booking.memberId", "invalid", "must be the id of a member")
        }
    }
}
