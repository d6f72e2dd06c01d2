/// Why the conversation stores did not do what they were asked.
public enum ConversationError: Error, Sendable, Equatable {
    /// There is no such conversation or message, or the caller may not see it: the two are not told apart.
    case notFound
    /// The caller sees it but may not do this to it. Says what is not allowed.
    case forbidden(String)
    /// A field cannot be stored as it is. Says which and what is allowed.
    case invalid(field: String, message: String)
    /// The conversation was changed meanwhile; its version now is given.
    case versionConflict(current: Int)
    /// The message was deleted and cannot be edited any more.
    case deleted
    /// A queue is full; says which limit was hit. Nothing was stored.
    case overloaded(String)
    /// MongoDB is away or too slow. Nothing was stored.
    case unavailable(String)
    /// MongoDB went away in the middle: the message may have been stored. Repeating the same send is safe when it
    /// carries a `clientMessageId` or an id.
    case outcomeUnknown
}

extension ConversationError: CustomStringConvertible {
    /// A sentence for the log.
    public var description: String {
        switch self {
        case .notFound: "there is no such conversation or message"
        case .forbidden(let what): "not allowed: \(what)"
        case .invalid(let field, let message): "\(field): \(message)"
        case .versionConflict(let current): "the conversation was changed meanwhile, its version is \(current)"
        case .deleted: "the message was deleted"
        case .overloaded(let limit): "too much waits to be stored: \(limit)"
        case .unavailable(let reason): "the conversation store is unavailable: \(reason)"
        case .outcomeUnknown: "the connection to the conversation store was lost, the outcome is unknown"
        }
    }

    /// Whether repeating the same request later may succeed (HTTP 503 with `Retry-After`).
    public var isUnavailable: Bool {
        switch self {
        case .overloaded, .unavailable, .outcomeUnknown: true
        default: false
        }
    }
}
