public import Foundation
public import JSON

/// One entry of a turn's journal: a tool call, or a step of the agent whose result must not be made twice. A document of
/// the collection `agentToolCalls`.
public struct ToolCallRecord: Sendable, Hashable {
    /// How far a call is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Noted, not begun.
        case planned
        /// Begun: whether it happened is not known before it ends.
        case executing
        /// Done; its result is kept.
        case succeeded
        /// Not done; nothing happened.
        case failed
        /// Begun and never ended: it may have happened.
        case unknown
        /// Waits for a member's decision.
        case awaitingApproval = "awaiting_approval"
        /// A member decided against it, or nobody decided in time.
        case rejected
    }

    /// The turn.
    public let turnId: UUID
    /// Its name in the turn, the same whenever the turn is run again.
    public let callId: String
    /// The tool's name.
    public let tool: String
    /// How far it is.
    public var state: State
    /// The arguments, as they were checked.
    public var arguments: JSONObject
    /// The result of one that succeeded.
    public var result: JSONValue?
    /// Why it failed.
    public var error: String?

    /// An entry.
    public init(
        turnId: UUID, callId: String, tool: String, state: State, arguments: JSONObject = [:], result: JSONValue? = nil,
        error: String? = nil
    ) {
        self.turnId = turnId
        self.callId = callId
        self.tool = tool
        self.state = state
        self.arguments = arguments
        self.result = result
        self.error = error
    }
}
