import Foundation

extension Date: PostgresEncodable, PostgresDecodable {
    /// `timestamptz` text in UTC, rounded to the microseconds that Postgres keeps.
    public var postgresValue: PostgresValue {
        let seconds = timeIntervalSince1970
        guard seconds.magnitude < 9e12 else { return .text(seconds < 0 ? "-infinity" : "infinity") }
        return .text(TimestampText.string(microseconds: Int64((seconds * 1_000_000).rounded())))
    }

    /// From `timestamptz`, or from `timestamp` and `date`, which are taken as UTC. `infinity` is refused.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Date? {
        cell.flatMap { TimestampText.microseconds($0) }.map { Date(timeIntervalSince1970: Double($0) / 1_000_000) }
    }
}
