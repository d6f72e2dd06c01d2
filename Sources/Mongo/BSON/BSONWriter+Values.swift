import Foundation

extension BSONWriter {
    /// Writes any value.
    @_disfavoredOverload
    public mutating func append(_ key: String, _ value: BSONValue) {
        start(value.type, key)
        payload(value)
    }

    /// Writes a text.
    public mutating func append(_ key: String, _ value: String) {
        start(BSONType.string, key)
        text(value)
    }

    /// Writes a 64-bit integer.
    public mutating func append(_ key: String, _ value: Int) { append(key, Int64(value)) }

    /// Writes a 64-bit integer.
    public mutating func append(_ key: String, _ value: Int64) {
        start(BSONType.int64, key)
        fixed(value)
    }

    /// Writes a 32-bit integer.
    public mutating func append(_ key: String, _ value: Int32) {
        start(BSONType.int32, key)
        fixed(value)
    }

    /// Writes a 64-bit float.
    public mutating func append(_ key: String, _ value: Double) {
        start(BSONType.double, key)
        fixed(value.bitPattern)
    }

    /// Writes a boolean.
    public mutating func append(_ key: String, _ value: Bool) {
        start(BSONType.bool, key)
        fixed(UInt8(value ? 1 : 0))
    }

    /// Writes a UUID (binary subtype 4).
    public mutating func append(_ key: String, _ value: UUID) {
        start(BSONType.binary, key)
        uuid(value)
    }

    /// Writes a point in time, rounded to milliseconds.
    public mutating func append(_ key: String, _ value: Date) {
        start(BSONType.date, key)
        fixed(value.bsonMilliseconds)
    }

    /// Writes a document that exists already.
    public mutating func append(_ key: String, _ value: BSONDocument) {
        start(BSONType.document, key)
        nested(value)
    }

    /// Writes an array of values.
    @_disfavoredOverload
    public mutating func append(_ key: String, _ value: [BSONValue]) {
        start(BSONType.array, key)
        values(value)
    }

    /// Writes null.
    public mutating func appendNull(_ key: String) { start(BSONType.null, key) }

    /// Writes the text, or nothing when there is none.
    public mutating func append(_ key: String, ifPresent value: String?) { if let value { append(key, value) } }

    /// Writes the number, or nothing when there is none.
    public mutating func append(_ key: String, ifPresent value: Int?) { if let value { append(key, value) } }

    /// Writes the UUID, or nothing when there is none.
    public mutating func append(_ key: String, ifPresent value: UUID?) { if let value { append(key, value) } }

    /// Writes the point in time, or nothing when there is none.
    public mutating func append(_ key: String, ifPresent value: Date?) { if let value { append(key, value) } }

    /// Writes the document, or nothing when there is none.
    public mutating func append(_ key: String, ifPresent value: BSONDocument?) { if let value { append(key, value) } }

    mutating func payload(_ value: BSONValue) {
        switch value {
        case .double(let value): fixed(value.bitPattern)
        case .string(let value): text(value)
        case .document(let value): nested(value)
        case .array(let value): values(value)
        case .binary(let value): binary(value)
        case .uuid(let value): uuid(value)
        case .objectID(let value): raw(value.bytes)
        case .bool(let value): fixed(UInt8(value ? 1 : 0))
        case .date(let value): fixed(value.bsonMilliseconds)
        case .regex(let pattern, let options):
            cString(pattern)
            cString(options)
        case .int32(let value): fixed(value)
        case .int64(let value): fixed(value)
        case .timestamp(let value): fixed(value)
        case .decimal128(let low, let high):
            fixed(low)
            fixed(high)
        case .null, .minKey, .maxKey: break
        case .other(_, let value): raw(value)
        }
    }
}

extension BSONValue {
    var type: UInt8 {
        switch self {
        case .double: BSONType.double
        case .string: BSONType.string
        case .document: BSONType.document
        case .array: BSONType.array
        case .binary, .uuid: BSONType.binary
        case .objectID: BSONType.objectID
        case .bool: BSONType.bool
        case .date: BSONType.date
        case .null: BSONType.null
        case .regex: BSONType.regex
        case .int32: BSONType.int32
        case .int64: BSONType.int64
        case .timestamp: BSONType.timestamp
        case .decimal128: BSONType.decimal128
        case .minKey: BSONType.minKey
        case .maxKey: BSONType.maxKey
        case .other(let type, _): type
        }
    }
}

extension Date {
    /// Milliseconds since 1970; what lies beyond 64 bits becomes the nearest that fits, not-a-number becomes 0.
    var bsonMilliseconds: Int64 {
        let exact = (timeIntervalSince1970 * 1000).rounded()
        if let fitting = Int64(exactly: exact) { return fitting }
        return exact.isNaN ? 0 : exact < 0 ? .min : .max
    }
}
