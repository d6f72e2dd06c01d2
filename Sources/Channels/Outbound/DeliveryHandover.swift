import Agents
import Conversations
import Foundation
import Tenancy

/// Puts what is said in a conversation into the outbox of its channel.
///
/// A message says itself that it is to be sent. All of a conversation that say so are put there together, in the order of
/// `seq`, and only then marked as taken up: so that none overtakes another, whoever dies in between, and a message that is
/// put there twice is there once.
struct DeliveryHandover: Sendable {
    let stores: ChannelStores
    let conversations: ConversationStore
    let configuration: ChannelConfiguration

    /// Hands over what waits in a conversation.
    /// - Returns: whether anything is to be sent.
    func handOver(_ conversationId: UUID, _ scope: TenantScope) async throws -> Bool {
        let waiting = try await conversations.pendingDeliveries(in: conversationId, scope)
        guard !waiting.isEmpty else { return false }
        try configuration.onStep(.handingOver)
        let link = try await stores.contacts.link(scope, of: conversationId)
        var drafts: [OutboxEntry.Draft] = []
        var outcome: [(UUID, Delivery?)] = []
        for message in waiting {
            let isForCustomer = try await isForCustomer(message, scope)
            let parts = link != nil && isForCustomer ? Self.parts(message, link) : []
            drafts += parts
            outcome.append((message.id, parts.isEmpty ? nil : Delivery(.queued, updatedAt: Date().inMilliseconds)))
        }
        if let link, !drafts.isEmpty { try await stores.outbox.put(scope, link, drafts) }
        try configuration.onStep(.handedOver)
        for (id, delivery) in outcome { try await conversations.note(delivery, of: id, in: conversationId, scope) }
        return !drafts.isEmpty
    }

    private static func parts(_ message: Message, _ link: ChannelLink?) -> [OutboxEntry.Draft] {
        let texts: [String] =
            switch link?.kind {
            case .whatsapp: TextSplit.parts(message.content, limit: WhatsAppSender.maximumText)
            case .email, nil: message.content.contains { !$0.isWhitespace } ? [message.content] : []
            }
        return texts.enumerated().map { part, text in
            OutboxEntry.Draft(
                messageId: message.id, seq: message.seq, part: part, author: message.role.rawValue, body: text)
        }
    }

    /// Whether the customer is to read it: not what is marked as private, not what a member says to an agent, nor what that
    /// agent answers the member, nor what programs note.
    private func isForCustomer(_ message: Message, _ scope: TenantScope) async throws -> Bool {
        guard message.deletedAt == nil, message.metadata["private"]?.boolValue != true else { return false }
        // A question to a member, which changes into its answer.
        if message.metadata["state"]?.stringValue == "pending_approval" { return false }
        switch message.role {
        case .customer: return false
        case .user:
            let plan = RoutingPlan(message.routing ?? [:])
            return !(plan.isAddressed && plan.startsWork) && !plan.human
        case .system where message.sender != "system": return false
        case .agent, .system:
            guard message.turnId != nil, let asked = message.inReplyTo else { return true }
            do {
                return try await conversations.message(asked, of: message.conversationId, in: scope).role == .customer
            } catch is NotFound {
                return false
            }
        }
    }
}
