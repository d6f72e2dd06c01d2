public import Conversations
public import Foundation

/// What a running turn tells whoever watches the conversation.
public struct TurnEvent: Sendable {
    /// How far the turn is.
    public enum Kind: String, Sendable {
        /// The agent has begun.
        case started = "turn.started"
        /// It is over for now: answered, handed over, cancelled, or waiting for an approval.
        case finished = "turn.finished"
        /// It is over without an answer of the agent's own.
        case failed = "turn.failed"
    }

    /// How far it is.
    public let kind: Kind
    /// The turn, as in `agent_logs`.
    public let turnId: UUID
    /// The agent's bare name.
    public let agentName: String
    /// How it ended; nil while it runs.
    public let state: String?
    /// The message that started it.
    public let triggerMessageId: UUID
    /// The reply, when there is one.
    public let replyMessageId: UUID?
    /// Where it takes place.
    public let conversation: Conversation
}

/// A piece of an answer while it is being written: `message.delta`.
public struct TurnDelta: Sendable {
    /// The turn.
    public let turnId: UUID
    /// The agent's bare name.
    public let agentName: String
    /// Where the text belongs in the answer, in Unicode scalars.
    public let offset: Int
    /// The text.
    public let text: String
    /// Whether everything told before is void.
    public let isReset: Bool
    /// Where it takes place.
    public let conversation: Conversation
}
