import Agents
import Cache
import Conversations
import Foundation
import HTTPTypes
import JSON
import Tenancy

/// How a message gets in: as its writer may write it, durably, once; then to the agents it addresses.
struct MessagePosting: Sendable {
    let conversations: ConversationStore
    let turns: TurnRunner
    let heads: ConversationHeads
    let companies: CompanyCache
    let references: ConversationReferences
    let invalidation: Invalidation

    /// How long `/messages` and `/agents/{name}/chat` wait for a reply.
    private static let chatPatience = Duration.seconds(25)

    /// `POST …/messages`.
    nonisolated(nonsending) func post(_ call: Call, in conversationId: UUID) async throws -> Answer {
        let patience = Patience(call.request.headers)
        let head = try await heads.head(of: conversationId, for: call)
        let surface = try await surface(call, head)
        let sent = try await send(call, to: head, surface: surface)
        return try await answer(sent, waiting: patience, in: call.scope)
    }

    /// `POST /messages`: the caller's own thread.
    func postToThread(_ call: Call) async throws -> Answer {
        let thread = try await conversations.thread(in: call.scope)
        let sent = try await send(call, to: ConversationHead(thread), surface: .ownThread)
        return try await answer(
            sent, waiting: Patience(call.request.headers, otherwise: Self.chatPatience), in: call.scope)
    }

    /// `POST /agents/{name}/chat`.
    func chat(_ call: Call, with agent: String) async throws -> Answer {
        let scope = try call.scope
        let head: ConversationHead
        if let id = call.input.identifier("conversationId") {
            head = try await heads.head(of: id, for: call)
        } else {
            head = ConversationHead(try await conversations.thread(in: scope))
        }
        let sent = try await send(call, to: head, surface: .other, target: agent)
        let outcome = await turns.start(sent.message).outcome(within: Self.chatPatience)
        return .json(AgentReply(conversationId: head.id, outcome: outcome))
    }

    /// `POST /conversations`, with the first message if there is one.
    func open(_ call: Call) async throws -> OpenedConversation {
        let scope = try call.scope
        let input = call.input
        var draft = ConversationDraft(
            id: call.resourceId, title: input.string("title"), customerId: input.identifier("customerId"),
            platform: input.word("platform"), metadata: input.members("metadata") ?? [:],
            assignee: input.identifier("assignee"), agent: input.string("agent"))
        try await references.check(
            customerId: draft.customerId, assignee: draft.assignee, agent: draft.agent, in: scope)
        if let first = input.nested("message", orTextOf: "content") {
            let head = ConversationHead(draft, in: scope)
            var message = try Self.draft(first, in: scope, by: head.signature(call), id: nil)
            let surface = try await surface(call, head)
            message.routing = try await turns.plan(
                head.request(message, surface), in: scope, generations: call.caller.generations
            ).json
            draft.message = message
        }
        let created = try await conversations.create(draft, in: scope)
        guard let message = created.message else {
            return OpenedConversation(conversation: scope.view(created.conversation), message: nil)
        }
        let patience = Patience(call.request.headers)
        return OpenedConversation(
            conversation: scope.view(created.conversation),
            message: AnsweredMessage(
                message: scope.view(message), replies: await patience.replies(to: message, turns)?.map(scope.view)))
    }

    nonisolated(nonsending) private func send(
        _ call: Call, to head: ConversationHead, surface: Router.Surface, target: String? = nil
    ) async throws -> Appended {
        let scope = try call.scope
        var draft = try Self.draft(call.input, in: scope, by: head.signature(call), id: call.resourceId)
        let head = try await handBackIfForgotten(head, draft, in: scope)
        var request = head.request(draft, surface, target)
        request.replyTo = try await agentAnswered(by: draft, in: head, scope)
        if request.replyTo == nil, target == nil { request.asking = try await agentAsking(draft, in: head, scope) }
        draft.routing = try await turns.plan(request, in: scope, generations: call.caller.generations).json
        try await takeOver(head, draft, in: scope)
        return try await conversations.append(draft, to: head.id, in: scope)
    }

    /// A member who writes to a customer takes control by that, before the message is stored: an agent that is just
    /// answering finds it taken and keeps quiet.
    nonisolated(nonsending) private func takeOver(
        _ head: ConversationHead, _ draft: MessageDraft, in scope: TenantScope
    ) async throws {
        guard let userId = scope.userId, draft.role == .user, head.hasCustomer, head.holder != userId.lowercased else {
            return
        }
        let result = try await conversations.giveControl(of: head.id, to: userId.lowercased, in: scope)
        if result.isChanged { await invalidation.conversations(of: scope.companyId) }
    }

    /// The agent that spoke last, a short while ago and to the same person, when `draft` is nothing but an answer.
    nonisolated(nonsending) private func agentAsking(
        _ draft: MessageDraft, in head: ConversationHead, _ scope: TenantScope
    ) async throws -> String? {
        guard draft.role.startsAgents, BareReply.isOne(draft.content) else { return nil }
        let shown = try await conversations.messages(of: head.id, at: .latest, limit: 10, in: scope).messages
        guard let last = shown.last, last.role == .agent, last.deletedAt == nil,
            Date().timeIntervalSince(last.timestamp) < BareReply.lifetime,
            let asked = shown.last(where: { $0.role.startsAgents }), asked.role == draft.role
        else { return nil }
        let own = scope.customerId.map { "customer:\($0.lowercased)" } ?? scope.userId.map { "user:\($0.lowercased)" }
        return own == nil || own == asked.sender ? last.agentName : nil
    }

    /// The agent whose message `draft` answers.
    nonisolated(nonsending) private func agentAnswered(
        by draft: MessageDraft, in head: ConversationHead, _ scope: TenantScope
    ) async throws -> String? {
        guard let id = draft.inReplyTo, draft.role.startsAgents else { return nil }
        do {
            let message = try await conversations.message(id, of: head.id, in: scope)
            return message.role == .agent ? message.agentName : nil
        } catch is NotFound {
            return nil
        }
    }

    /// A person who has control and has written nothing for half a day has forgotten it: when the customer writes again
    /// the agents answer.
    nonisolated(nonsending) private func handBackIfForgotten(
        _ head: ConversationHead, _ draft: MessageDraft, in scope: TenantScope
    ) async throws -> ConversationHead {
        guard draft.role == .customer,
            let changed = try await conversations.handBackIfForgotten(
                head.id, Control(holder: head.holder, changedAt: head.heldSince), in: scope)
        else { return head }
        await invalidation.conversations(of: scope.companyId)
        return ConversationHead(changed)
    }

    nonisolated(nonsending) private func answer(
        _ sent: Appended, waiting patience: Patience, in scope: TenantScope
    ) async throws -> Answer {
        let replies = await patience.replies(to: sent.message, turns)?.map(scope.view)
        let status = sent.replayed ? HTTPResponse.Status.ok : .created
        var answer =
            if replies == nil, scope.customerId == nil || sent.message.isPlain {
                Answer.json(bytes: sent.json, status: status)
            } else {
                Answer.json(AnsweredMessage(message: scope.view(sent.message), replies: replies), status: status)
            }
        if sent.replayed { answer.headers[.idempotencyReplayed] = "true" }
        patience.note(in: &answer.headers)
        return answer
    }
}
