import Foundation

/// One value of a BSON document.
///
/// Swift's `Int` is written as a 64-bit integer, always. Literals work: `["name": "Ada", "tags": ["a", "b"], "n": 1]`.
public enum BSONValue: Sendable, Hashable {
    /// A 64-bit float.
    case double(Double)
    /// A text; U+0000 is allowed inside.
    case string(String)
    /// A nested document.
    case document(BSONDocument)
    /// An array.
    case array([BSONValue])
    /// Bytes of the generic subtype 0.
    case binary([UInt8])
    /// A UUID (binary subtype 4).
    case uuid(UUID)
    /// A 12-byte object id.
    case objectID(BSONObjectID)
    /// True or false.
    case bool(Bool)
    /// A point in time in whole milliseconds; finer parts are rounded.
    case date(Date)
    /// The null value.
    case null
    /// A regular expression; neither part may contain U+0000.
    case regex(pattern: String, options: String)
    /// A 32-bit integer.
    case int32(Int32)
    /// A 64-bit integer.
    case int64(Int64)
    /// The server's internal timestamp: seconds in the upper half, a counter in the lower.
    case timestamp(UInt64)
    /// A 128-bit decimal as its raw halves (IEEE 754-2008, binary integer encoding).
    case decimal128(low: UInt64, high: UInt64)
    /// Sorts before everything.
    case minKey
    /// Sorts after everything.
    case maxKey
    /// A value of a deprecated type, or binary of another subtype: its type byte and its raw bytes, which are written
    /// back as they were.
    case other(type: UInt8, bytes: [UInt8])
}

extension BSONValue {
    /// The text, when this is one.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    /// The nested document, when this is one.
    public var documentValue: BSONDocument? { if case .document(let value) = self { value } else { nil } }
    /// The elements, when this is an array.
    public var arrayValue: [BSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The UUID, when this is one.
    public var uuidValue: UUID? { if case .uuid(let value) = self { value } else { nil } }
    /// The boolean, when this is one.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The date, when this is one.
    public var dateValue: Date? { if case .date(let value) = self { value } else { nil } }

    /// The whole number, when this is an integer of either width or a double without a fraction.
    public var int64Value: Int64? {
        switch self {
        case .int32(let value): Int64(value)
        case .int64(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A 64-bit integer.
    public init(integerLiteral value: Int64) { self = .int64(value) }
    /// A 64-bit float.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// The null value.
    public init(nilLiteral: ()) { self = .null }
    /// An array.
    public init(arrayLiteral elements: BSONValue...) { self = .array(elements) }
    /// A nested document, in the order written.
    public init(dictionaryLiteral elements: (String, BSONValue)...) { self = .document(BSONDocument(elements)) }
}
