import Foundation
import JSON
public import Postgres

/// A day of the calendar in UTC, as `2026-01-31`.
public struct UsageDay: Sendable, Hashable, Comparable {
    /// The day as ISO 8601 writes it.
    public let text: String

    /// The day that `text` names; `nil` when it names none.
    public init?(_ text: String) {
        guard text.utf8.count == 10, Timestamp.parse(text + "T00:00:00Z") != nil else { return nil }
        self.text = text
    }

    /// The day of a time.
    public init(_ date: Date) { text = String(Timestamp.string(date).prefix(10)) }

    /// The first day of its month.
    public var firstOfMonth: UsageDay { UsageDay(text.prefix(8) + "01") ?? self }

    /// The day so many days later, or earlier.
    public func advanced(by days: Int) -> UsageDay {
        UsageDay((Timestamp.parse(text + "T00:00:00Z") ?? Date()).addingTimeInterval(Double(days) * 86_400))
    }

    /// Earlier days first.
    public static func < (left: UsageDay, right: UsageDay) -> Bool { left.text < right.text }
}

extension UsageDay: PostgresEncodable {
    /// The day in ISO 8601.
    public var postgresValue: PostgresValue { .text(text) }
}
