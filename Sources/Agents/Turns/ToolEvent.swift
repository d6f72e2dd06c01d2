public import Conversations
public import Foundation

/// A tool call of a running turn, for members who watch the conversation. Neither arguments nor results.
public struct ToolEvent: Sendable {
    /// How far the call is.
    public enum Kind: String, Sendable {
        /// It has begun.
        case started = "tool.started"
        /// It is over, well or not.
        case finished = "tool.finished"
    }

    /// How far the call is.
    public let kind: Kind
    /// The turn.
    public let turnId: UUID
    /// The call.
    public let tool: RunningTool
    /// Whether it succeeded; nil while it runs. What waits for a member's approval did not.
    public let isOK: Bool?
    /// Where it takes place.
    public let conversation: Conversation
}
