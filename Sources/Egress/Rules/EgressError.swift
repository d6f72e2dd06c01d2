/// Why a request to somebody else's server was not made, or its answer not taken. The message is for the person who
/// gave the address; it names no address that a name resolved to.
public struct EgressError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds.
    public enum Code: String, Sendable, Hashable {
        /// The rules do not allow the address.
        case refused
        /// The name has no address.
        case unresolvable
        /// No connection, or one that broke.
        case unreachable
        /// The time was up.
        case timedOut = "timed_out"
        /// The answer is larger than allowed.
        case tooLarge = "too_large"
        /// The server wants to send the caller elsewhere.
        case redirected
        /// The answer is of another type than asked for.
        case contentType = "content_type"
        /// Too many requests at once.
        case busy
    }

    /// The kind.
    public let code: Code
    /// What is wrong.
    public let message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
