import Agents
import Conversations
import Foundation
import JSON
import Tenancy

/// How a customer's message gets from a channel into their conversation, once, and to the agent that answers there.
struct InboundPosting: Sendable {
    let stores: ChannelStores
    let conversations: ConversationStore
    let turns: TurnRunner
    let configuration: ChannelConfiguration
    /// Hears that control of a conversation of this company changed.
    let onControl: @Sendable (UUID) async -> Void

    /// Stores a message. Doing it again for the same event stores nothing more.
    /// - Parameter place: chooses the conversation when no earlier try did.
    func post(
        _ inbound: InboundMessage, of event: ChannelEvent, from contact: Contact, over channel: Channel,
        place: () async throws -> Conversation
    ) async throws {
        let conversation = try await chosen(event, contact, place)
        try configuration.onStep(.placed)
        let scope = contact.scope
        let control = try await control(of: conversation)
        var draft = MessageDraft(
            role: .customer, content: try await content(inbound, event.scope), clientMessageId: inbound.id,
            metadata: ["channel": .object(inbound.details)])
        let answered = try await answered(inbound, conversation, event.scope)
        draft.inReplyTo = answered?.id
        if inbound.startsTurn {
            var request = Router.Request(
                content: inbound.content, role: .customer, in: control, surface: .widget(agent: channel.agent))
            request.replyTo = answered?.role == .agent ? answered?.agentName : nil
            var plan = try await turns.plan(request, in: scope)
            if plan.burstMilliseconds > 0 { plan.burstMilliseconds += inbound.extraBurst }
            draft.routing = plan.json
        }
        let appended = try await conversations.append(draft, to: conversation.id, in: scope)
        try configuration.onStep(.appended)
        turns.begin(appended.message)
    }

    /// The conversation that an earlier try chose, or the one for now, which is noted before anything goes into it.
    private func chosen(
        _ event: ChannelEvent, _ contact: Contact, _ place: () async throws -> Conversation
    ) async throws -> Conversation {
        if let id = event.conversationId {
            do { return try await conversations.conversation(id, in: event.scope) } catch is NotFound {
                // It was deleted meanwhile; what the customer wrote is not to be lost with it.
            }
        }
        let conversation = try await place()
        try await stores.events.pin(event, to: conversation.id)
        return conversation
    }

    /// The conversation, handed back to the agents when the person who has control has forgotten it.
    private func control(of conversation: Conversation) async throws -> Conversation {
        let scope = TenantScope.forJob(companyId: conversation.companyId)
        guard
            let changed = try await conversations.handBackIfForgotten(conversation.id, conversation.control, in: scope)
        else { return conversation }
        await onControl(conversation.companyId)
        return changed
    }

    /// The text, and below it the product that it is about when the customer wrote from its page.
    private func content(_ inbound: InboundMessage, _ scope: TenantScope) async throws -> String {
        guard let sku = inbound.productSKU, let product = try await stores.products.find(scope, sku: sku),
            !inbound.content.lowercased().contains(product.name.lowercased())
        else { return inbound.content }
        return "\(inbound.content)\n(\(product.name))"
    }

    /// The message of ours that the customer quoted.
    private func answered(
        _ inbound: InboundMessage, _ conversation: Conversation, _ scope: TenantScope
    ) async throws -> Message? {
        guard let answered = inbound.answered,
            let id = try await stores.outbox.message(scope, of: answered, in: conversation.id)
        else { return nil }
        do { return try await conversations.message(id, of: conversation.id, in: scope) } catch is NotFound {
            return nil
        }
    }
}
