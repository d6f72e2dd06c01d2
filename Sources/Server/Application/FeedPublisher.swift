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
            for message in messages { publish("message.created", message, of: event) }
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
            event.kind.rawValue, TurnProgress(event: event), in: conversation.id, conversation.audience,
            companyId: conversation.companyId)
    }

    private func publish(
        _ type: String, _ message: Message, isRepeat: Bool = false, of event: ConversationEvent
    ) {
        let hides = event.audience.customerId != nil && !message.isPlain
        feed.publish(
            FeedEvent(
                type: type, conversationId: event.conversationId, audience: FeedAudience(event.audience),
                seq: Int64(message.seq), payload: message.encoded,
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

/// How far a turn is, as streams tell it.
private struct TurnProgress: JSONEncodable {
    let event: TurnEvent

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("turnId", event.turnId)
            writer.field("conversationId", event.conversation.id)
            writer.field("agentName", event.agentName)
            writer.field("state", event.state)
            writer.field("messageId", event.triggerMessageId)
            writer.field("replyMessageId", event.replyMessageId)
        }
    }
}
