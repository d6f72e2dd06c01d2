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
            for message in messages { publish("message.created", message, seq: message.seq, of: event) }
        case .messageUpdated(let message): publish("message.updated", message, seq: message.seq, of: event)
        case .messageDeleted(let message): publish("message.deleted", message, seq: message.seq, of: event)
        case .conversationCreated(let conversation): publish("conversation.created", conversation, of: event)
        case .conversationUpdated(let conversation): publish("conversation.updated", conversation, of: event)
        case .conversationDeleted:
            publish("conversation.deleted", JSONObject([("id", .string(event.conversationId.lowercased))]), of: event)
        }
    }

    /// How far an agent's turn is.
    func publish(_ event: TurnEvent) {
        let conversation = event.conversation
        publish(
            event.kind.rawValue, TurnProgress(event: event), in: conversation.id, conversation.audience,
            companyId: conversation.companyId)
    }

    private func publish(_ type: String, _ payload: some JSONEncodable, seq: Int? = nil, of event: ConversationEvent) {
        publish(type, payload, seq: seq, in: event.conversationId, event.audience, companyId: event.companyId)
    }

    /// Puts an event about a conversation on the feed, for those who see it.
    func publish(
        _ type: String, _ payload: some JSONEncodable, seq: Int? = nil, in conversationId: UUID, _ audience: Audience,
        companyId: UUID
    ) {
        var owner: UUID?
        if case .user(let id) = audience.owner { owner = id }
        feed.publish(
            FeedEvent(
                type: type, conversationId: conversationId,
                audience: FeedAudience(ownerUserId: owner, customerId: audience.customerId),
                seq: seq.map(Int64.init), payload: payload.encoded),
            scope: .forJob(companyId: companyId))
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
