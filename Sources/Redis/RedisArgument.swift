/// One word of a command. Any bytes are allowed; nothing is quoted or interpreted.
public enum RedisArgument: Sendable, Hashable {
    /// Text, sent as UTF-8.
    case text(String)
    /// Bytes as they are.
    case bytes([UInt8])
    /// A whole number, sent in decimal.
    case integer(Int)
    /// Several words, encoded before.
    case words(RedisWords)

    /// Text, sent as UTF-8.
    public init(_ text: String) { self = .text(text) }
    /// Bytes as they are.
    public init(_ bytes: [UInt8]) { self = .bytes(bytes) }
    /// A whole number, sent in decimal.
    public init(_ number: Int) { self = .integer(number) }
}

extension RedisArgument: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    /// Text, sent as UTF-8.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A whole number, sent in decimal.
    public init(integerLiteral value: Int) { self = .integer(value) }
}
