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

    private func publish(_ type: String, _ payload: some JSONEncodable, seq: Int? = nil, of event: ConversationEvent) {
        var owner: UUID?
        if case .user(let id) = event.audience.owner { owner = id }
        feed.publish(
            FeedEvent(
                type: type, conversationId: event.conversationId,
                audience: FeedAudience(ownerUserId: owner, customerId: event.audience.customerId),
                seq: seq.map(Int64.init), payload: payload.encoded),
            scope: .forJob(companyId: event.companyId))
    }
}
