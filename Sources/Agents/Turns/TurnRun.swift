import Conversations
import Foundation
import JSON
import Logging
import Postgres
import Tenancy

/// One agent's turn for one message: gate, answer, commit, record.
struct TurnRun: Sendable {
    let executor: TurnExecutor
    let scope: TenantScope
    let trigger: Message
    let conversation: Conversation
    let name: String

    private var turnId: UUID { TurnIdentity.turn(for: trigger, of: name) }
    private var replyId: UUID { TurnIdentity.reply(to: trigger, by: name) }

    /// Runs the turn.
    /// - Parameter lookFirst: another process may have answered already.
    /// - Throws: what keeps the reply from being stored; the turn is then run again later.
    func run(source: ParsedMentions.Source, lookFirst: Bool) async throws -> TurnResult? {
        let start = ContinuousClock.now
        if lookFirst, let reply = try await executor.reply(replyId, trigger, scope) {
            await record(.replied, reply, nil, start)
            return result(.replied, reply)
        }
        let isCalled = trigger.role == .user && (source == .mention || source == .explicit)
        guard isCalled || !Router.isHeldByPerson(conversation.control.holder) else {
            await record(.cancelled, nil, nil, start, error: "a person has control")
            return result(.cancelled, nil)
        }
        tell(.started)
        do {
            let result = try await reply(isCalled, start)
            tell(result.state == AgentLog.State.failed.rawValue ? .failed : .finished, result)
            return result
        } catch {
            tell(.failed)
            throw error
        }
    }

    private func reply(_ isCalled: Bool, _ start: ContinuousClock.Instant) async throws -> TurnResult {
        let outcome = try await answer()
        // Right before the reply is stored: see ConversationStore.giveControl for what this guarantees.
        let now = try await executor.conversations.conversation(conversation.id, in: scope)
        guard isCalled || now.control.version == conversation.control.version else {
            await record(.cancelled, nil, outcome, start, error: "control changed while the agent answered")
            return result(.cancelled, nil)
        }
        let reply = try await executor.conversations.append(draft(outcome), to: conversation.id, in: scope).message
        if let memory = outcome.memory { await keep(memory, outcome.stored) }
        let state: AgentLog.State = outcome.error != nil ? .failed : outcome.wantsPerson ? .handedOff : .replied
        await record(state, reply, outcome, start, error: outcome.error)
        return result(state, reply)
    }

    private func tell(_ kind: TurnEvent.Kind, _ result: TurnResult? = nil) {
        executor.onEvent(
            TurnEvent(
                kind: kind, turnId: turnId, agentName: name, state: result?.state, triggerMessageId: trigger.id,
                replyMessageId: result?.reply?.id, conversation: conversation))
    }

    // MARK: Answering

    private struct Outcome: Sendable {
        var text: String
        var metadata: JSONObject
        var wantsPerson = false
        var memory: SkillMemory?
        /// The agent's state as it was read, for the version to replace.
        var stored: AgentState?
        var calls: [JSONValue] = []
        var model: String?
        var usage: TurnUsage?
        var reasoning: JSONValue?
        var agentVersion = 0
        var error: String?
    }

    /// The agent's answer, or a notice: never nothing. Tries again while a store is away.
    private func answer() async throws -> Outcome {
        var pause = executor.configuration.pause
        var failure = "unknown"
        for attempt in 1...max(1, executor.configuration.attempts) {
            do {
                return try await withTimeLimit(executor.configuration.turnTime) { try await attemptAnswer() }
            } catch {
                // When the process is being stopped, another one goes on.
                try Task.checkCancellation()
                failure = describe(error)
                guard isPassing(error), attempt < executor.configuration.attempts else { break }
                try? await Task.sleep(for: pause)
                pause *= 2
            }
        }
        executor.logger.warning(
            "a turn failed", metadata: ["agent": "\(name)", "turn": "\(turnId.lowercased)", "error": "\(failure)"])
        let language = Language.detect(FoldedText(trigger.content)) ?? .english
        return Outcome(
            text: FailureNotice.text(author.kind, language, turnId),
            metadata: ["mode": "notice", "skill": "error", "confidence": 0], error: failure)
    }

    private func attemptAnswer() async throws -> Outcome {
        guard let agent = try await executor.registry.agent(name, scope), agent.profile.audience.includes(author.kind)
        else {
            throw TurnFailure.agentGone
        }
        let company = try await executor.company(scope)
        let stored = try await executor.states.find(scope, agent: name, subject: .conversation(conversation.id))
        let tools = ToolBox(
            agent.tools, audience: agent.profile.audience,
            scope: ToolScope(
                tenant: scope, author: author, conversationId: conversation.id,
                isReadByCustomer: conversation.customerId != nil, turnId: turnId))
        let turn = AgentTurn(
            instruction: try await instruction(), author: author,
            voice: BrandVoice(company),
            companyName: company.name, tools: tools, memory: SkillMemory(stored?.state ?? [:], author: author),
            visibleAgents: try await executor.registry.visible(to: author.kind, scope), now: Date(),
            conversation: conversation, trigger: trigger, deadline: .now + executor.configuration.turnTime)
        let answer = try await agent.answer(turn)
        var metadata: JSONObject = [
            "mode": .string(answer.mode.rawValue), "skill": .string(answer.skill),
            "confidence": .number(answer.confidence ?? 0),
        ]
        if let model = answer.model { metadata["model"] = .string(model) }
        if answer.wantsPerson { metadata["handoff"] = true }
        return Outcome(
            text: answer.text, metadata: metadata, wantsPerson: answer.wantsPerson,
            memory: answer.memory == turn.memory ? nil : answer.memory, stored: stored, calls: tools.log,
            model: answer.model, usage: answer.usage,
            reasoning: conversation.customerId == nil ? answer.reasoning : nil, agentVersion: agent.profile.version)
    }

    private var author: TurnAuthor {
        if trigger.role == .customer { return .customer(conversation.customerId) }
        let user = trigger.sender.hasPrefix("user:") ? UUID(strict: trigger.sender.dropFirst("user:".count)) : nil
        return user.map { .user($0) } ?? .program
    }

    /// What was said to this agent: its segment, or everything when it was not mentioned.
    private func instruction() async throws -> String {
        let directory = try await executor.registry.directory(for: author.kind, scope)
        let parsed = MentionParser.parse(
            trigger.content, directory: directory, maximumAgents: Router.maximumAgents(on: conversation.platform))
        return parsed.agents.first { $0.name == name }?.segment ?? trigger.content
    }

    // MARK: Committing

    private func draft(_ outcome: Outcome) -> MessageDraft {
        var text = outcome.text
        while text.utf8.count > MessageDraft.maximumContentBytes {
            text = String(text.dropLast(max(1, text.count / 50)))
        }
        return MessageDraft(
            role: .agent, content: text, id: replyId, agentName: name, reasoning: outcome.reasoning,
            metadata: outcome.metadata, inReplyTo: trigger.id, turnId: turnId)
    }

    /// Keeps what the agent wants to know in its next turn. Losing it costs a question asked again, so a failure does
    /// not undo the reply.
    private func keep(_ memory: SkillMemory, _ stored: AgentState?) async {
        do {
            let state = memory.stored(in: stored?.state ?? [:], author: author)
            _ = try await executor.states.put(scope, agent: name, state, subject: .conversation(conversation.id))
        } catch {
            executor.logger.warning(
                "an agent's state was not kept", metadata: ["agent": "\(name)", "error": "\(describe(error))"])
        }
    }

    private func record(
        _ state: AgentLog.State, _ reply: Message?, _ outcome: Outcome?, _ start: ContinuousClock.Instant,
        error: String? = nil
    ) async {
        let log = AgentLog(
            id: turnId, agentName: name, conversationId: conversation.id, triggerMessageId: trigger.id,
            replyMessageId: reply?.id, state: state, model: outcome?.model,
            promptTokens: outcome?.usage?.promptTokens ?? 0,
            completionTokens: outcome?.usage?.completionTokens ?? 0, costMicros: outcome?.usage?.costMicros ?? 0,
            latencyMs: (ContinuousClock.now - start).milliseconds, toolCalls: outcome?.calls ?? [], error: error,
            detail: AgentLog.Detail(
                state, metadata: outcome?.metadata, trigger: trigger, channel: conversation.platform,
                version: outcome?.agentVersion ?? 0, usage: outcome?.usage))
        do {
            try await executor.logs.insert(scope, log)
        } catch {
            executor.logger.warning(
                "a turn was not recorded", metadata: ["turn": "\(turnId.lowercased)", "error": "\(describe(error))"])
        }
    }

    private func result(_ state: AgentLog.State, _ reply: Message?) -> TurnResult {
        TurnResult(id: turnId, agent: name, state: state.rawValue, reply: reply)
    }
}
