import Tenancy

/// Why a message was not appended, in the planner's words.
enum AppendFailure: Error, Sendable, Equatable {
    /// The conversation is gone.
    case vanished
    /// A queue is full; says which limit was hit.
    case overloaded(String)
    /// Not stored; says why.
    case unavailable(String)
    /// Perhaps stored.
    case outcomeUnknown

    /// The error a caller of the store sees.
    var publicError: any Error {
        switch self {
        case .vanished: NotFound("conversation")
        case .overloaded(let limit): Overloaded(limit)
        case .unavailable(let reason): ConversationError.unavailable(reason)
        case .outcomeUnknown: ConversationError.outcomeUnknown
        }
    }
}
