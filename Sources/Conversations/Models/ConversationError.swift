/// Why MongoDB's side of a request failed. What the caller did wrong is told by `NotFound`, `Forbidden`,
/// `InvalidFields`, `VersionMismatch`, `StoreConflict` and `Overloaded` of Tenancy.
public enum ConversationError: Error, Sendable, Equatable {
    /// MongoDB is away or too slow. Nothing was stored.
    case unavailable(String)
    /// MongoDB went away in the middle: the write may have happened. Repeating the same send is safe when it carries a
    /// `clientMessageId` or an id.
    case outcomeUnknown
    /// What MongoDB holds is not what this program writes; names the field.
    case corrupt(String)
    /// What was to be kept is larger than what is kept; says the limit.
    case tooLarge(String)
}

extension ConversationError: CustomStringConvertible {
    /// A sentence for the log.
    public var description: String {
        switch self {
        case .unavailable(let reason): "the conversation store is unavailable: \(reason)"
        case .outcomeUnknown: "the connection to the conversation store was lost and the outcome is unknown"
        case .corrupt(let field): "a stored document has no acceptable \(field)"
        case .tooLarge(let limit): limit
        }
    }

    /// Whether repeating the same request later may succeed (HTTP 503 with `Retry-After`).
    public var isUnavailable: Bool {
        switch self {
        case .unavailable, .outcomeUnknown: true
        case .corrupt, .tooLarge: false
        }
    }
}
