public import Foundation
public import JSON

/// One entry in a conversation.
public struct Message: Sendable, Hashable {
    /// Its id, a UUID of version 7 unless the draft brought one.
    public let id: UUID
    /// The company whose conversation it is in. Not shown to clients, who know it.
    public let companyId: UUID
    /// The conversation it is in.
    public let conversationId: UUID
    /// Its place in the conversation: 1, 2, 3 … without gaps.
    public var seq: Int
    /// Who speaks.
    public let role: MessageRole
    /// A stable name of who wrote it: `user:<id>`, `key:<id>`, `customer:<id>`, `agent:<name>`. Not shown to clients.
    public let sender: String
    /// The text; empty once deleted.
    public var content: String
    /// The agent that speaks, by its bare name.
    public let agentName: String?
    /// The sender's own id of this message, which makes repeating a send harmless.
    public var clientMessageId: String?
    /// What a model thought on the way, in whatever form it gave.
    public var reasoning: JSONValue?
    /// The calls a model made.
    public var functionCalls: JSONValue?
    /// What the calls answered.
    public var functionOutputs: JSONValue?
    /// The caller's own data.
    public var metadata: JSONObject
    /// The message this one answers.
    public let inReplyTo: UUID?
    /// The turn that wrote it. Not shown to clients.
    public let turnId: UUID?
    /// What is to happen because of it, kept with it so that a message is its own outbox. Not shown to clients.
    public let routing: JSONObject?
    /// When it was stored. Never earlier than the message before it, as far as one process can tell.
    public var timestamp: Date
    /// When it was edited last.
    public var editedAt: Date?
    /// When it was deleted. Its place stays.
    public var deletedAt: Date?
    /// What went into an agent's reply; nil where that is not known. Not shown to clients.
    public var labels: ContentLabels?
    /// How it fares on its way to a customer who reads it elsewhere; nil where nothing is sent.
    public var delivery: Delivery? = nil
}

extension Message: JSONEncodable {
    /// Writes the message as the HTTP contract shapes it, every field present.
    public func encode(into writer: inout JSONWriter) {
        writer.object { encodeFields(into: &$0) }
    }

    /// Writes the fields alone, for answers that carry more beside them (`replies`).
    public func encodeFields(into writer: inout JSONWriter) {
        writer.field("id", id)
        writer.field("conversationId", conversationId)
        writer.field("seq", seq)
        writer.field("role", role)
        writer.field("content", content)
        writer.field("agentName", agentName)
        writer.field("clientMessageId", clientMessageId)
        writer.field("reasoning", reasoning)
        writer.field("functionCalls", functionCalls)
        writer.field("functionOutputs", functionOutputs)
        writer.field("metadata", metadata)
        writer.field("inReplyTo", inReplyTo)
        writer.field("timestamp", timestamp)
        writer.field("editedAt", editedAt)
        writer.field("deletedAt", deletedAt)
        if let delivery { writer.field("delivery", delivery) }
    }
}
