import Agents
import Cache
import Conversations
import Foundation
import JSON
import Tenancy

/// Puts what happens in conversations on the company's feed, in the names of API.md.
struct FeedPublisher: Sendable {
    let feed: EventFeed

    /// Never waits: called on the way of every message.
    func publish(_ event: ConversationEvent) {
        switch event.change {
        case .messagesAppended(let messages):
            for stored in messages { publish("message.created", stored.message, json: stored.json, of: event) }
        case .messageRepeated(let message): publish("message.created", message, isRepeat: true, of: event)
        case .messageUpdated(let message): publish("message.updated", message, of: event)
        case .messageDeleted(let message): publish("message.deleted", message, of: event)
        case .conversationCreated(let conversation): publish("conversation.created", conversation, of: event)
        case .conversationUpdated(let conversation): publish("conversation.updated", conversation, of: event)
        case .conversationDeleted:
            publish(
                "conversation.deleted", JSONObject([("id", .string(event.conversationId.lowercased))]),
                in: event.conversationId, event.audience, companyId: event.companyId)
        }
    }

    /// How far an agent's turn is.
    func publish(_ event: TurnEvent) {
        let conversation = event.conversation
        publish(
            event.kind.rawValue,
            TurnProgress(
                turnId: event.turnId, conversationId: conversation.id, agentName: event.agentName, state: event.state,
                messageId: event.triggerMessageId, replyMessageId: event.replyMessageId), in: conversation.id,
            conversation.audience,
            companyId: conversation.companyId)
    }

    /// A piece of an answer while it is being written.
    func publish(_ delta: TurnDelta) {
        let conversation = delta.conversation
        publish(
            "message.delta",
            DraftDelta(
                turnId: delta.turnId, conversationId: conversation.id, agentName: delta.agentName,
                offset: delta.offset, text: delta.text, isReset: delta.isReset),
            in: conversation.id, conversation.audience, companyId: conversation.companyId)
    }

    /// A tool call of a turn, for members.
    func publish(_ event: ToolEvent) {
        let conversation = event.conversation
        publish(
            event.kind.rawValue,
            ToolProgress(
                turnId: event.turnId, conversationId: conversation.id, tool: event.tool, isOK: event.isOK),
            in: conversation.id, conversation.audience, companyId: conversation.companyId)
    }

    private func publish(
        _ type: String, _ message: Message, json: [UInt8]? = nil, isRepeat: Bool = false, of event: ConversationEvent
    ) {
        let hides = event.audience.customerId != nil && !message.isPlain
        feed.publish(
            FeedEvent(
                type: type, conversationId: event.conversationId, audience: FeedAudience(event.audience),
                seq: Int64(message.seq), payload: json ?? message.encoded,
                visitorPayload: hides ? message.forVisitor.encoded : nil, isRepeat: isRepeat),
            scope: .forJob(companyId: event.companyId))
    }

    private func publish(_ type: String, _ conversation: Conversation, of event: ConversationEvent) {
        publish(
            type, conversation, forVisitor: event.audience.customerId.map { _ in conversation.forVisitor },
            in: event.conversationId, event.audience, companyId: event.companyId)
    }

    /// Puts an event about a conversation on the feed, for those who see it.
    ///
    /// - Parameter forVisitor: what the visitor is told instead, when `payload` holds something that is the company's
    ///   alone.
    func publish<Payload: JSONEncodable>(
        _ type: String, _ payload: Payload, forVisitor: Payload? = nil, in conversationId: UUID, _ audience: Audience,
        companyId: UUID
    ) {
        feed.publish(
            FeedEvent(
                type: type, conversationId: conversationId, audience: FeedAudience(audience), payload: payload.encoded,
                visitorPayload: forVisitor?.encoded),
            scope: .forJob(companyId: companyId))
    }
}

extension FeedAudience {
    init(_ audience: Audience) {
        var owner: UUID?
        if case .user(let id) = audience.owner { owner = id }
        self.init(ownerUserId: owner, customerId: audience.customerId)
    }
}

/// A piece of an answer, as streams tell it.
struct DraftDelta: JSONEncodable {
    let turnId: UUID
    let conversationId: UUID
    let agentName: String
    let offset: Int
    let text: String
    var isReset = false
    /// Whether it is all there is so far, whatever was told before.
    var isSnapshot = false

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("turnId", turnId)
            writer.field("conversationId", conversationId)
            writer.field("agentName", agentName)
            writer.field("offset", offset)
            writer.field("text", text)
            if isReset { writer.field("reset", true) }
            if isSnapshot { writer.field("snapshot", true) }
        }
    }
}

/// A tool call of a turn, as streams tell members of it.
struct ToolProgress: JSONEncodable {
    let turnId: UUID
    let conversationId: UUID
    let tool: RunningTool
    var isOK: Bool?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("turnId", turnId)
            writer.field("conversationId", conversationId)
            writer.field("agentName", tool.agent)
            writer.field("call", tool.call)
            writer.field("tool", tool.tool)
            writer.field("label", tool.label)
            if let isOK { writer.field("ok", isOK) }
        }
    }
}

/// How far a turn is, as streams tell it.
struct TurnProgress: JSONEncodable {
    let turnId: UUID
    let conversationId: UUID
    let agentName: String
    var state: String?
    let messageId: UUID
    var replyMessageId: UUID?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("turnId", turnId)
            writer.field("conversationId", conversationId)
            writer.field("agentName", agentName)
            writer.field("state", state)
            writer.field("messageId", messageId)
            writer.field("replyMessageId", replyMessageId)
        }
    }
}
