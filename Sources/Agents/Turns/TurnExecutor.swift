import Conversations
import Foundation
import JSON
import Logging
import Tenancy

/// Works one message's turns off, one agent after the other.
struct TurnExecutor: Sendable {
    let registry: AgentRegistry
    let conversations: ConversationStore
    let states: AgentStateStore
    let logs: AgentLogStore
    let company: @Sendable (TenantScope) async throws -> Company
    let configuration: TurnConfiguration
    let logger: Logger
    let onEvent: @Sendable (TurnEvent) -> Void

    /// Runs the turns and settles the message's routing.
    /// - Returns: whether nothing is left to do; when false a sweep tries again.
    func execute(_ job: TurnRunner.Job) async -> Bool {
        let scope = TenantScope.forJob(companyId: job.message.companyId)
        do {
            guard let trigger = try await current(job.message, scope) else { return true }
            try await runAll(trigger, job, scope)
            try await conversations.settleRouting(of: trigger.id, in: trigger.conversationId, scope)
            return true
        } catch is NotFound {
            // The conversation is gone, and nobody waits for an answer.
            return true
        } catch {
            logger.error(
                "a message's turns could not be ended and stay pending",
                metadata: ["message": "\(job.message.id.lowercased)", "error": "\(error)"])
            return false
        }
    }

    /// The message as it is now; a deleted one is settled without an answer.
    private func current(_ message: Message, _ scope: TenantScope) async throws -> Message? {
        let now = try await conversations.message(message.id, of: message.conversationId, in: scope)
        guard now.deletedAt != nil else { return now }
        try await conversations.settleRouting(of: message.id, in: message.conversationId, scope)
        return nil
    }

    private func runAll(_ trigger: Message, _ job: TurnRunner.Job, _ scope: TenantScope) async throws {
        let plan = RoutingPlan(trigger.routing ?? [:])
        let conversation = try await conversations.conversation(trigger.conversationId, in: scope)
        if plan.human {
            job.ticket.add(try await notify(SystemNotice.personCalled, trigger, scope))
        } else if let hint = plan.hint {
            job.ticket.add(try await notify(.didYouMean(plan.unknown.first ?? "", hint), trigger, scope))
        }
        for name in plan.agents {
            let turn = TurnRun(executor: self, scope: scope, trigger: trigger, conversation: conversation, name: name)
            if let result = try await turn.run(source: plan.source, lookFirst: job.isRepeat) { job.ticket.add(result) }
        }
    }

    /// Writes a message of the system itself, once for each trigger and kind.
    private func notify(_ notice: SystemNotice, _ trigger: Message, _ scope: TenantScope) async throws -> TurnResult {
        let voice = (try? await company(scope)).map { BrandVoice($0) } ?? BrandVoice()
        let language = voice.language(for: Language.detect(FoldedText(trigger.content)))
        let draft = MessageDraft(
            role: .system, content: notice.text(language), id: TurnIdentity.reply(to: trigger, by: notice.name),
            metadata: notice.metadata, inReplyTo: trigger.id)
        let stored = try await conversations.append(draft, to: trigger.conversationId, in: scope).message
        return TurnResult(
            id: TurnIdentity.turn(for: trigger, of: notice.name), agent: nil, state: notice.state, reply: stored)
    }

    /// The replies of a message whose turns have ended.
    func results(of trigger: Message) async throws -> [TurnResult] {
        let scope = TenantScope.forJob(companyId: trigger.companyId)
        let plan = RoutingPlan(trigger.routing ?? [:])
        let notices = [SystemNotice.personCalled, .didYouMean("", "")].map(\.name)
        var results: [TurnResult] = []
        for name in (plan.human || plan.hint != nil ? notices : []) + plan.agents {
            let id = TurnIdentity.reply(to: trigger, by: name)
            guard let reply = try await reply(id, trigger, scope) else { continue }
            results.append(
                TurnResult(
                    id: TurnIdentity.turn(for: trigger, of: name), agent: reply.agentName,
                    state: AgentLog.State.replied.rawValue, reply: reply))
        }
        return results
    }

    func reply(_ id: UUID, _ trigger: Message, _ scope: TenantScope) async throws -> Message? {
        do { return try await conversations.message(id, of: trigger.conversationId, in: scope) } catch is NotFound {
            return nil
        }
    }
}
