import Conversations
import Foundation
import JSON
import Logging
import Tenancy

/// One claimed turn: gate, answer, commit, record.
struct TurnRun: Sendable {
    let executor: TurnExecutor
    let turn: Turn

    private var scope: TenantScope { .forJob(companyId: turn.companyId) }
    private var turns: TurnStore { executor.conversations.turns }

    /// What is being answered.
    struct Scene: Sendable {
        var trigger: Message
        var conversation: Conversation
        var isCalled: Bool
        var language: Language { Language.detect(FoldedText(trigger.content)) ?? .english }
        /// Whether a language model may be asked.
        var mayAskModel = true
        /// How the agent was chosen.
        var source: String { RoutingPlan(trigger.routing ?? [:]).source.rawValue }
        /// Whether the company's people see it, so that one can be called.
        var isCompanys: Bool { conversation.audience.owner == .company }
    }

    /// The claim is somebody else's now.
    private struct ClaimLost: Error {}

    /// Runs the turn while its claim holds.
    /// - Parameter interrupted: ends when the turn was called off.
    /// - Throws: what keeps it from ending; it is then run again later.
    func run(until interrupted: AsyncStream<Void>) async throws -> TurnResult? {
        do {
            return try await withThrowingTaskGroup(of: TurnResult?.self) { group in
                group.addTask { try await work() }
                group.addTask { try await keepClaim() }
                group.addTask {
                    for await _ in interrupted {}
                    try Task.checkCancellation()
                    throw ClaimLost()
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch is ClaimLost {
            executor.logger.notice("a turn was taken over or called off", metadata: ["turn": "\(turn.id.lowercased)"])
            return nil
        }
    }

    private func keepClaim() async throws -> TurnResult? {
        while true {
            try await Task.sleep(for: executor.configuration.heartbeat)
            // While the store is away the claim may still hold; the commit finds out.
            if let holds = try? await turns.renew(turn), !holds { throw ClaimLost() }
        }
    }

    func reach(_ step: TurnStep) async throws { try await executor.configuration.onStep(step, turn.agent) }

    // MARK: Gate

    private func work() async throws -> TurnResult? {
        let start = ContinuousClock.now
        try await reach(.claimed)
        async let message = executor.conversations.message(turn.triggerMessageId, of: turn.conversationId, in: scope)
        let conversation = try await executor.conversations.conversation(turn.conversationId, in: scope)
        var scene = Scene(
            trigger: try await message, conversation: conversation,
            isCalled: try await message.role == .user && turn.isAddressed)
        guard scene.trigger.deletedAt == nil else { return try await cancel("the message was deleted", start) }
        let plan = RoutingPlan(scene.trigger.routing ?? [:])
        if let notice = SystemNotice(turn: turn.agent, plan) { return try await say(notice, scene, start) }
        guard scene.isCalled || !conversation.control.silencesAgents else {
            return try await cancel("a person has control", start)
        }
        switch await limit(scene) {
        case .open: break
        case .withoutModel: scene.mayAskModel = false
        case .exhausted(let isTold):
            let record = TurnRecord(
                state: .replied, metadata: SystemNotice.tooMany.metadata, source: scene.source,
                channel: conversation.platform.rawValue)
            let result =
                isTold
                ? try await cancel(Self.limitReached, start) : try await say(.tooMany, scene, start, record)
            tell(.finished, scene, result)
            return result
        }
        tell(.started, scene)
        do {
            let result = try await answer(scene, start)
            tell(result?.state == AgentLog.State.failed.rawValue ? .failed : .finished, scene, result)
            return result
        } catch {
            if !(error is TurnCrash) { tell(.failed, scene) }
            throw error
        }
    }

    private static let limitReached = "the author's limit of turns is reached"

    /// Whether the author may ask this. A turn that goes on was counted when it began.
    private func limit(_ scene: Scene) async -> TurnLimits.Verdict {
        guard turn.attempt <= 1, turn.input == nil else { return .open }
        return await executor.limits.verdict(
            TurnLimits.Question(
                companyId: turn.companyId, conversationId: turn.conversationId, author: author(scene),
                content: scene.trigger.content))
    }

    /// Who wrote the message.
    func author(_ scene: Scene) -> TurnAuthor {
        if scene.trigger.role == .customer { return .customer(scene.conversation.customerId) }
        let sender = scene.trigger.sender
        let user = sender.hasPrefix("user:") ? UUID(strict: sender.dropFirst("user:".count)) : nil
        return user.map { .user($0) } ?? .program
    }

    private func answer(_ scene: Scene, _ start: ContinuousClock.Instant) async throws -> TurnResult? {
        try await reach(.answering)
        let outcome = try await TurnAnswering(run: self, scene: scene).outcome()
        try await reach(.answered)
        if let memory = outcome.memory { await keep(memory, scene, outcome) }
        try await reach(.memoryKept)
        var commit = TurnCommit(
            turn: turn, reply: outcome.draft(for: turn, scene), state: outcome.state,
            controlVersion: scene.conversation.control.version)
        let mayCall = scene.isCompanys && !scene.conversation.control.silencesAgents
        if outcome.state == .handedOff { commit.callsPerson = mayCall }
        if outcome.state == .failed, mayCall {
            commit.callsPerson = try await turns.previousEnd(before: turn) == .failed
        }
        commit.error = outcome.error
        commit.input = outcome.input
        let result = try await end(commit, outcome.record(of: scene, since: start), start)
        if outcome.metadata["mode"]?.stringValue == AgentAnswer.Mode.llm.rawValue {
            executor.hooks.onModelAnswer(scene.conversation, turn.agent)
        }
        return result
    }

    // MARK: Ends

    private func say(
        _ notice: SystemNotice, _ scene: Scene, _ start: ContinuousClock.Instant, _ record: TurnRecord? = nil
    ) async throws -> TurnResult? {
        let isCall = notice == .personCalled
        if isCall, scene.conversation.control.silencesAgents {
            return try await cancel("a person is there or was called", start)
        }
        let company = try? await executor.company(scope)
        let voice = company.map { BrandVoice($0) } ?? BrandVoice()
        let language = voice.language(for: scene.language)
        let away = isCall && scene.isCompanys ? company.flatMap { AwayNotice.text($0, at: Date(), language) } : nil
        var commit = TurnCommit(
            turn: turn,
            reply: MessageDraft(
                role: .system, content: [notice.text(language), away].compactMap { $0 }.joined(separator: " "),
                id: replyId(scene),
                metadata: notice.metadata, inReplyTo: scene.trigger.id, turnId: turn.id),
            state: isCall ? .handedOff : .succeeded, controlVersion: scene.conversation.control.version)
        commit.callsPerson = isCall && scene.isCompanys
        return try await end(commit, record, start)
    }

    func replyId(_ scene: Scene) -> UUID {
        turn.replyMessageId ?? TurnIdentity.reply(to: scene.trigger, by: turn.agent)
    }

    /// Stores reply and end together, and then what follows from them.
    private func end(
        _ ending: TurnCommit, _ record: TurnRecord?, _ start: ContinuousClock.Instant
    ) async throws -> TurnResult? {
        var commit = ending
        if commit.state.isFinal { commit.record = record?.json }
        let outcome = try await patiently { try await executor.conversations.commit(commit) }
        switch outcome {
        case .claimLost: throw ClaimLost()
        case .controlChanged: return try await cancel("control changed while the agent answered", start, record)
        case .stored(let reply, let conversation):
            try await reach(.committed)
            if commit.callsPerson { await executor.hooks.onControl(conversation.companyId) }
            var ended = turn
            ended.state = commit.state
            ended.replyMessageId = reply.id
            ended.error = commit.error
            ended.record = commit.record
            await executor.record(ended)
            try await reach(.recorded)
            return result(commit.state, reply)
        }
    }

    private func cancel(
        _ reason: String, _ start: ContinuousClock.Instant, _ record: TurnRecord? = nil
    ) async throws -> TurnResult? {
        var record = record ?? TurnRecord(state: .cancelled)
        record.state = .cancelled
        record.latencyMs = (ContinuousClock.now - start).milliseconds
        guard try await turns.end(turn, .cancelled, error: reason, record: record.json) else { throw ClaimLost() }
        var ended = turn
        ended.error = reason
        ended.record = record.json
        await executor.record(ended)
        return result(.cancelled, nil)
    }

    /// Keeps what the agent wants to know in its next turn, before the reply is there and the next turn can begin. A
    /// failure costs a question asked again, and does not undo the reply.
    private func keep(_ memory: SkillMemory, _ scene: Scene, _ outcome: TurnAnswering.Outcome) async {
        do {
            let state = memory.stored(
                in: outcome.stored?.state ?? [:], author: outcome.author, turn: (turn.id, outcome.before))
            _ = try await executor.states.put(
                scope, agent: turn.agent, state, subject: .conversation(turn.conversationId))
        } catch {
            executor.logger.warning(
                "an agent's state was not kept", metadata: ["agent": "\(turn.agent)", "error": "\(describe(error))"])
        }
    }

    /// Tries again while a store is away.
    private func patiently<Value>(_ body: () async throws -> Value) async throws -> Value {
        var pause = executor.configuration.pause
        var tries = 1
        while true {
            do {
                return try await body()
            } catch  where isPassing(error) && tries < executor.configuration.tries {
                try await Task.sleep(for: pause)
                pause *= 2
                tries += 1
            }
        }
    }

    private func tell(_ kind: TurnEvent.Kind, _ scene: Scene, _ result: TurnResult? = nil) {
        executor.hooks.onEvent(
            TurnEvent(
                kind: kind, turnId: turn.id, agentName: turn.agent, state: result?.state,
                triggerMessageId: turn.triggerMessageId, replyMessageId: result?.reply?.id,
                conversation: scene.conversation))
    }

    private func result(_ state: Turn.State, _ reply: Message?) -> TurnResult {
        TurnResult(
            id: turn.id, agent: SystemNotice.isName(turn.agent) ? nil : turn.agent, state: state.word, reply: reply)
    }
}
