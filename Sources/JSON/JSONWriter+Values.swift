public import Foundation

extension String: JSONEncodable {
    /// Writes the text with what JSON wants escaped.
    public func encode(into writer: inout JSONWriter) { writer.writeString(self) }
}

extension Bool: JSONEncodable {
    /// Writes `true` or `false`.
    public func encode(into writer: inout JSONWriter) { writer.raw((self ? "true" : "false").utf8) }
}

extension Int: JSONEncodable {
    /// Writes the digits.
    public func encode(into writer: inout JSONWriter) { writer.raw(String(self).utf8) }
}

extension Int64: JSONEncodable {
    /// Writes the digits.
    public func encode(into writer: inout JSONWriter) { writer.raw(String(self).utf8) }
}

extension Double: JSONEncodable {
    /// Writes the shortest text that reads back as the same number; infinities and NaN, which JSON lacks, as `null`.
    public func encode(into writer: inout JSONWriter) { writer.raw((isFinite ? "\(self)" : "null").utf8) }
}

extension UUID: JSONEncodable {
    /// Writes the 36 lower-case characters of RFC 9562.
    public func encode(into writer: inout JSONWriter) {
        writer.quoted(36) { write(into: $0) }
    }
}

extension Date: JSONEncodable {
    /// Writes RFC 3339 in UTC with milliseconds.
    public func encode(into writer: inout JSONWriter) {
        writer.quoted(Timestamp.length) { Timestamp.write(self, into: $0) }
    }
}

extension Optional: JSONEncodable where Wrapped: JSONEncodable {
    /// Writes the value, or `null`: a field is never left out.
    @inlinable public func encode(into writer: inout JSONWriter) {
        if let self { self.encode(into: &writer) } else { writer.writeNull() }
    }
}

extension Array: JSONEncodable where Element: JSONEncodable {
    /// Writes the elements in order.
    @inlinable public func encode(into writer: inout JSONWriter) {
        writer.array { writer in for element in self { writer.value(element) } }
    }
}

extension JSONObject: JSONEncodable {
    /// Writes the members in order.
    public func encode(into writer: inout JSONWriter) {
        writer.object { writer in for (key, value) in self { writer.field(key: key, value) } }
    }
}

extension JSONValue: JSONEncodable {
    /// Writes the value.
    public func encode(into writer: inout JSONWriter) {
        switch self {
        case .null: writer.raw("null".utf8)
        case .bool(let flag): flag.encode(into: &writer)
        case .integer(let number): number.encode(into: &writer)
        case .number(let number): number.encode(into: &writer)
        case .string(let text): text.encode(into: &writer)
        case .array(let elements): elements.encode(into: &writer)
        case .object(let members): members.encode(into: &writer)
        }
    }
}
