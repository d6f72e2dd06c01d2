public import Foundation
public import JSON

/// A tool call that waits for a member's decision because its effect leaves the company. A document of the collection
/// `approvals`.
public struct Approval: Sendable, Hashable {
    /// What was decided.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nothing yet.
        case pending
        /// It may happen, once.
        case approved
        /// It must not.
        case rejected
        /// Nobody decided in time.
        case expired
    }

    /// Seconds in which it has to be decided.
    public static let lifetime: TimeInterval = 24 * 3600

    /// Its id; follows from turn and call.
    public let id: UUID
    /// The company.
    public let companyId: UUID
    /// The conversation.
    public let conversationId: UUID
    /// The turn that waits.
    public let turnId: UUID
    /// The call's name in the turn.
    public let callId: String
    /// The agent.
    public let agent: String
    /// The tool.
    public let tool: String
    /// What would happen, for people.
    public let summary: String
    /// The exact arguments.
    public let arguments: JSONObject
    /// SHA-256 of the exact arguments, in hexadecimal: nothing else is approved.
    public let argumentsHash: String
    /// What was decided.
    public var state: State
    /// When it was asked for.
    public let createdAt: Date
    /// Until when it can be decided.
    public let expiresAt: Date
    /// Who decided.
    public var decidedBy: UUID?
    /// When.
    public var decidedAt: Date?

    /// A request for a decision.
    public init(
        id: UUID, turn: Turn, callId: String, tool: String, summary: String, arguments: JSONObject,
        argumentsHash: String, createdAt: Date
    ) {
        self.id = id
        companyId = turn.companyId
        conversationId = turn.conversationId
        turnId = turn.id
        agent = turn.agent
        self.callId = callId
        self.tool = tool
        self.summary = summary
        self.arguments = arguments
        self.argumentsHash = argumentsHash
        state = .pending
        self.createdAt = createdAt
        expiresAt = createdAt.addingTimeInterval(Self.lifetime)
    }
}

extension Approval: JSONEncodable {
    /// Writes the approval as clients are shown it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("conversationId", conversationId)
            $0.field("turnId", turnId)
            $0.field("agent", agent)
            $0.field("tool", tool)
            $0.field("summary", summary)
            $0.field("arguments", arguments)
            $0.field("status", state.rawValue)
            $0.field("createdAt", createdAt)
            $0.field("expiresAt", expiresAt)
            $0.field("decidedBy", decidedBy)
            $0.field("decidedAt", decidedAt)
        }
    }
}
