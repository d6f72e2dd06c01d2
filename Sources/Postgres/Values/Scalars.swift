import Foundation

extension String: PostgresEncodable, PostgresDecodable {
    /// Text format.
    public var postgresValue: PostgresValue { .text(self) }

    /// Any cell reads as text; nil only for NULL and for bytes that are not UTF-8.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> String? {
        cell.flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension FixedWidthInteger {
    /// Decimal text with an optional sign, nothing else.
    fileprivate static func decimal(_ cell: UnsafeBufferPointer<UInt8>?) -> Self? {
        guard let cell, !cell.isEmpty else { return nil }
        let negative = cell.first == UInt8(ascii: "-")
        let digits = cell.dropFirst(negative ? 1 : 0)
        guard !digits.isEmpty else { return nil }
        var value: Self = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let digit = Self(byte - UInt8(ascii: "0"))
            let (scaled, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, over) =
                negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            if high || over { return nil }
            value = sum
        }
        return value
    }
}

extension Int: PostgresEncodable, PostgresDecodable {
    /// Decimal text.
    public var postgresValue: PostgresValue { .text(String(self)) }
    /// From decimal text; nil beyond 64 bits.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Int? { decimal(cell) }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    /// Decimal text.
    public var postgresValue: PostgresValue { .text(String(self)) }
    /// From decimal text; nil beyond 32 bits.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Int32? { decimal(cell) }
}

extension Int64: PostgresEncodable, PostgresDecodable {
    /// Decimal text.
    public var postgresValue: PostgresValue { .text(String(self)) }
    /// From decimal text; nil beyond 64 bits.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Int64? { decimal(cell) }
}

extension Double: PostgresEncodable, PostgresDecodable {
    /// The shortest text that reads back as the same number; `NaN`, `Infinity` and `-Infinity` as Postgres spells them.
    public var postgresValue: PostgresValue {
        if isNaN { return .text("NaN") }
        if isInfinite { return .text(self < 0 ? "-Infinity" : "Infinity") }
        return .text(String(self))
    }

    /// From `real`, `double precision`, `numeric` or an integer; `numeric` may lose digits.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Double? {
        String.decodePostgres(cell).flatMap { Double($0) }
    }
}

extension Bool: PostgresEncodable, PostgresDecodable {
    /// `t` or `f`.
    public var postgresValue: PostgresValue { .text(self ? "t" : "f") }

    /// From `t` or `f`.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> Bool? {
        guard let cell, cell.count == 1 else { return nil }
        switch cell[0] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: return nil
        }
    }
}
