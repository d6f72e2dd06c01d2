import Foundation

/// An element that can be bound and read as an array. `UInt8` stands for itself: `[UInt8]` is `bytea`.
public protocol PostgresArrayElement: PostgresEncodable, PostgresDecodable {
    /// The whole array as it travels.
    static func encodePostgresArray(_ elements: [Self]) -> PostgresValue
    /// The array in a cell; nil when the cell is something else, has NULL elements or more than one dimension.
    static func decodePostgresArray(_ cell: UnsafeBufferPointer<UInt8>) -> [Self]?
}

extension PostgresArrayElement {
    /// An array literal, every element quoted.
    public static func encodePostgresArray(_ elements: [Self]) -> PostgresValue {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            ArrayText.append(element.postgresValue, to: &text)
        }
        text.append(UInt8(ascii: "}"))
        return .utf8(text)
    }

    /// From an array literal of one dimension.
    public static func decodePostgresArray(_ cell: UnsafeBufferPointer<UInt8>) -> [Self]? {
        ArrayText.elements(cell).flatMap { texts in
            var elements: [Self] = []
            for text in texts {
                guard let element = text.withUnsafeBufferPointer({ Self.decodePostgres($0) }) else { return nil }
                elements.append(element)
            }
            return elements
        }
    }
}

extension String: PostgresArrayElement {}
extension UUID: PostgresArrayElement {}
extension Int: PostgresArrayElement {}
extension Int64: PostgresArrayElement {}
extension Double: PostgresArrayElement {}
extension Date: PostgresArrayElement {}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    /// An array literal, or `bytea` for bytes.
    public var postgresValue: PostgresValue { Element.encodePostgresArray(self) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    /// From an array literal, or from `bytea` for bytes.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> [Element]? {
        cell.flatMap { Element.decodePostgresArray($0) }
    }
}

extension UInt8: PostgresArrayElement {
    /// Decimal text.
    public var postgresValue: PostgresValue { .text(String(self)) }

    /// From decimal text up to 255.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> UInt8? {
        Int.decodePostgres(cell).flatMap { UInt8(exactly: $0) }
    }

    /// `bytea`, in binary.
    public static func encodePostgresArray(_ elements: [UInt8]) -> PostgresValue { .bytes(elements) }

    /// From `bytea` as Postgres writes it by default: `\x` and hexadecimal digits.
    public static func decodePostgresArray(_ cell: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard cell.count >= 2, cell[0] == UInt8(ascii: "\\"), cell[1] == UInt8(ascii: "x") else { return nil }
        return Hex.bytes(cell.dropFirst(2))
    }
}
