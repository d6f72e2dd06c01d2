public import Foundation
public import JSON

/// What somebody thought of an agent's answer.
public struct AgentFeedback: Sendable, Hashable {
    /// Who says so.
    public enum Author: String, Sendable, Hashable, CaseIterable {
        /// A member.
        case member
        /// A customer.
        case customer
        /// A program with an API key.
        case program
    }

    /// Thumbs up or down.
    public enum Score: Int, Sendable, Hashable, CaseIterable {
        /// It did not help.
        case bad = -1
        /// It helped.
        case good = 1
    }

    /// Its id.
    public let id: UUID
    /// The conversation.
    public let conversationId: UUID
    /// The answer.
    public let messageId: UUID
    /// The agent that gave it.
    public let agentName: String
    /// Who says so.
    public let author: Author
    /// Thumbs up or down.
    public let score: Score
    /// Why, in 1 to 1,000 characters.
    public let note: String?
    /// When it was said first.
    public let createdAt: Date
    /// When it was said last.
    public let updatedAt: Date
}

extension AgentFeedback: JSONEncodable {
    /// Writes `{id, conversationId, messageId, agent, author, score, note, createdAt, updatedAt}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("conversationId", conversationId)
            $0.field("messageId", messageId)
            $0.field("agent", agentName)
            $0.field("author", author.rawValue)
            $0.field("score", score.rawValue)
            $0.field("note", note)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
