import Foundation

/// A parameter as it travels. The server infers its type from the place where it stands; add a cast (`\(x)::date`)
/// where it cannot.
public enum PostgresValue: Sendable, Hashable {
    /// SQL NULL.
    case null
    /// Text format. Must not contain U+0000, which Postgres cannot store; that is refused before anything is sent.
    case text(String)
    /// Text format, already UTF-8. The same limit.
    case utf8([UInt8])
    /// Binary format, for `bytea`.
    case bytes([UInt8])
}

/// A value that can be bound to a statement.
public protocol PostgresEncodable {
    /// The value as it travels.
    var postgresValue: PostgresValue { get }
}

/// A value that can be read from a cell of a result.
public protocol PostgresDecodable {
    /// Reads a cell in Postgres' text format; `nil` stands for NULL. The buffer is valid during the call only.
    /// - Returns: nil when the cell cannot be read as this type.
    static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Self?
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// NULL for nil.
    public var postgresValue: PostgresValue { self?.postgresValue ?? .null }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Nil for NULL.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Wrapped?? {
        guard let cell else { return .some(nil) }
        return Wrapped.decodePostgres(cell).map { .some($0) }
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// The raw value's.
    public var postgresValue: PostgresValue { rawValue.postgresValue }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// From the raw value; nil when there is no such case.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Self? {
        RawValue.decodePostgres(cell).flatMap { Self(rawValue: $0) }
    }
}
