/// A reply of Redis (RESP2).
public enum RESPValue: Sendable, Hashable {
    /// A status like `OK`.
    case simpleString(String)
    /// Bytes, which may be anything.
    case bulk([UInt8])
    /// A whole number.
    case integer(Int64)
    /// Replies in a row.
    case array([RESPValue])
    /// Nothing there.
    case null
    /// An error inside an array or a pipeline: the first word, and the rest of the text. As the only reply
    /// of a command it is thrown as ``RedisError/server(code:message:)`` instead.
    case error(code: String, message: String)

    /// The text of a status or of bytes that are UTF-8.
    public var string: String? {
        switch self {
        case .simpleString(let text): text
        case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The bytes of a bulk reply or a status.
    public var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes): bytes
        case .simpleString(let text): Array(text.utf8)
        default: nil
        }
    }

    /// The number of an integer reply, or of bytes that spell one.
    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .bulk, .simpleString: string.flatMap { Int64($0) }
        default: nil
        }
    }

    /// The elements of an array.
    public var array: [RESPValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Whether this is ``null``.
    public var isNull: Bool { self == .null }

    /// The value itself, unless it is an error.
    /// - Throws: ``RedisError/server(code:message:)``.
    public func get() throws(RedisError) -> RESPValue {
        if case .error(let code, let message) = self { throw .server(code: code, message: message) }
        return self
    }
}
