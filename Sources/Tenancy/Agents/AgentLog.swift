public import Foundation
public import JSON

/// The record of one turn of one agent. It holds no text of messages or prompts.
public struct AgentLog: Sendable, Hashable {
    /// How a turn ended.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It replied.
        case replied
        /// A later turn covered it.
        case superseded
        /// It handed the conversation to a person.
        case handedOff = "handed_off"
        /// It was called off.
        case cancelled
        /// It failed, and said so.
        case failed
    }

    /// The turn's id.
    public var id: UUID
    /// The agent's name.
    public var agentName: String
    /// The conversation it answered in.
    public var conversationId: UUID?
    /// The message that started it.
    public var triggerMessageId: UUID?
    /// The message it wrote.
    public var replyMessageId: UUID?
    /// How it ended.
    public var state: State
    /// The language model; `nil` when none was asked.
    public var model: String?
    /// Tokens read by the model.
    public var promptTokens: Int
    /// Tokens written by the model.
    public var completionTokens: Int
    /// What it cost, in millionths of a US dollar.
    public var costMicros: Int64
    /// How long it took, in milliseconds.
    public var latencyMs: Int
    /// The tools it called, as `[{name, state, …}]` without their texts.
    public var toolCalls: [JSONValue]
    /// Why it failed, in words without secrets.
    public var error: String?
    /// When it ended.
    public var createdAt: Date
    /// What it was, beyond how it ended.
    public var detail: Detail

    /// The record of a turn.
    public init(
        id: UUID = .v7(), agentName: String, conversationId: UUID? = nil, triggerMessageId: UUID? = nil,
        replyMessageId: UUID? = nil, state: State, model: String? = nil, promptTokens: Int = 0,
        completionTokens: Int = 0, costMicros: Int64 = 0, latencyMs: Int = 0, toolCalls: [JSONValue] = [],
        error: String? = nil, createdAt: Date = Date().inMilliseconds, detail: Detail = Detail()
    ) {
        self.id = id
        self.agentName = agentName
        self.conversationId = conversationId
        self.triggerMessageId = triggerMessageId
        self.replyMessageId = replyMessageId
        self.state = state
        self.model = model
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.costMicros = costMicros
        self.latencyMs = latencyMs
        self.toolCalls = toolCalls
        self.error = error
        self.createdAt = createdAt
        self.detail = detail
    }
}

extension AgentLog: JSONEncodable {
    /// Writes the record as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("agent", agentName)
            $0.field("conversationId", conversationId)
            $0.field("triggerMessageId", triggerMessageId)
            $0.field("replyMessageId", replyMessageId)
            $0.field("state", state.rawValue)
            $0.field("model", model)
            $0.field("promptTokens", promptTokens)
            $0.field("completionTokens", completionTokens)
            $0.field("costMicros", costMicros)
            $0.field("latencyMs", latencyMs)
            $0.field("toolCalls", toolCalls)
            $0.field("error", error)
            detail.encodeFields(into: &$0)
            $0.field("createdAt", createdAt)
        }
    }
}
