import Conversations
import Foundation
import JSON
import Logging
import Tenancy

/// Gets an agent's answer for a turn, or a notice: never nothing.
struct TurnAnswering: Sendable {
    let run: TurnRun
    let scene: TurnRun.Scene

    private var turn: Turn { run.turn }
    private var executor: TurnExecutor { run.executor }
    private var conversation: Conversation { scene.conversation }
    private var scope: TenantScope { .forJob(companyId: turn.companyId) }

    /// What the turn will end with.
    struct Outcome: Sendable {
        var text: String
        var metadata: JSONObject
        var state: Turn.State
        var author: TurnAuthor
        /// What to keep for the next turn; nil for nothing new.
        var memory: SkillMemory?
        /// What the agent knew when the turn began.
        var before = SkillMemory()
        /// The agent's state as it was read.
        var stored: AgentState?
        var calls: [JSONValue] = []
        var model: String?
        var usage: TurnUsage?
        var reasoning: JSONValue?
        var input: JSONObject?
        var agentVersion = 0
        var error: String?
        /// What went into the text.
        var labels = ContentLabels()
    }

    /// The answer. Tries again while a store is away.
    /// - Throws: `CancellationError` when the process is being stopped.
    func outcome() async throws -> Outcome {
        let limit =
            conversation.customerId == nil ? executor.configuration.turnTime : executor.configuration.customerTurnTime
        let deadline = ContinuousClock.now + limit
        let drafts = drafts()
        let watch = watch()
        // One for all tries: what one of them did the next one must not do again.
        let journal = try await journal()
        var failure = "given up after \(executor.configuration.attempts) attempts"
        guard turn.currentAttempt <= executor.configuration.attempts else { return notice(failure) }
        var pause = executor.configuration.pause
        for attempt in 1...max(1, executor.configuration.tries) {
            do {
                return try await withTimeLimit(deadline - ContinuousClock.now) {
                    try await attemptAnswer(deadline, journal, drafts, watch)
                }
            } catch {
                if error is TurnCrash || error is NotFound { throw error }
                try Task.checkCancellation()
                await watch.flush()
                failure = describe(error)
                drafts.change(.reset)
                guard isPassing(error), attempt < executor.configuration.tries, deadline - ContinuousClock.now > pause
                else { break }
                try await Task.sleep(for: pause)
                pause *= 2
            }
        }
        return notice(failure)
    }

    /// What is said when there is no answer.
    private func notice(_ failure: String) -> Outcome {
        executor.logger.warning(
            "a turn failed",
            metadata: ["agent": "\(turn.agent)", "turn": "\(turn.id.lowercased)", "error": "\(failure)"])
        return Outcome(
            text: FailureNotice.text(author.kind, scene.language, turn.id),
            metadata: ["mode": "notice", "skill": "error", "confidence": 0], state: .failed, author: author,
            error: failure)
    }

    private func attemptAnswer(
        _ deadline: ContinuousClock.Instant, _ journal: TurnJournal, _ drafts: DraftStream, _ watch: ToolWatch
    ) async throws -> Outcome {
        async let companys = executor.company(scope)
        async let kept = executor.states.find(scope, agent: turn.agent, subject: .conversation(conversation.id))
        let agents = try await executor.registry.agents(scope)
        guard let agent = agents.agent(turn.agent), agent.profile.audience.includes(author.kind) else {
            throw TurnFailure.agentGone
        }
        let (company, stored) = try await (companys, kept)
        let before =
            turn.input.map { SkillMemory(part: $0["memory"]) }
            ?? SkillMemory(stored?.state ?? [:], author: author, turn: turn.id)
        let delegation = Delegation(agents, caller: agent.profile.name, company: company)
        var toolScope = ToolScope(
            tenant: scope, author: author, conversationId: conversation.id,
            isReadByCustomer: conversation.customerId != nil, turnId: turn.id, triggerMessageId: scene.trigger.id)
        toolScope.agent = turn.agent
        toolScope.language = scene.language
        let tools = ToolBox(
            delegation.tools(agent.tools, audience: agent.profile.audience), audience: agent.profile.audience,
            scope: toolScope, journal: journal, agent: agent.profile.name, watch: watch)
        var agentTurn = AgentTurn(
            instruction: try await instruction(agents.directory(for: author.kind)), author: author,
            voice: BrandVoice(company), companyName: company.name, tools: tools,
            memory: before, visibleAgents: agents.visible(to: author.kind), now: now,
            conversation: conversation, trigger: scene.trigger, deadline: deadline, journal: journal,
            onDraft: { drafts.change($0) })
        agentTurn.mayAskModel = scene.mayAskModel
        let given = agentTurn
        let answer: AgentAnswer?
        do {
            answer = try await withDrafts(drafts, watch) {
                try await delegation.during(given) { try await agent.answer(given) }
            }
        } catch let error as ToolError where error.isDecision {
            answer = nil
        }
        await watch.flush(isEnd: true)
        if !journal.pending.isEmpty { return paused(journal.pending, before, tools) }
        guard let answer else { return refused(journal.rejected, tools) }
        var outcome = outcome(answer, before, stored, tools)
        if outcome.state == .handedOff, conversation.customerId != nil,
            let away = AwayNotice.text(company, at: now, agentTurn.language(nil))
        {
            outcome.text += "\n" + away
        }
        outcome.agentVersion = agent.profile.version
        return outcome
    }

    private func outcome(
        _ answer: AgentAnswer, _ before: SkillMemory, _ stored: AgentState?, _ tools: ToolBox
    ) -> Outcome {
        let wantsPerson =
            answer.wantsPerson || tools.calls.contains { $0.name == HandoffTool.toolName && $0.state == "succeeded" }
        var metadata: JSONObject = [
            "mode": .string(answer.mode.rawValue), "skill": .string(answer.skill),
            "confidence": .number(answer.confidence ?? 0),
        ]
        if let model = answer.model { metadata["model"] = .string(model) }
        if let answers = answer.usage?.answers { metadata["steps"] = .integer(Int64(answers)) }
        if wantsPerson { metadata["handoff"] = true }
        if answer.isFallback { metadata["fallback"] = true }
        var labels = tools.labels
        // A skill shows what it read as it stands; a model speaks of it in words of its own.
        if answer.mode == .llm { labels.isExternal = false }
        // A model's own words about who will come are not relied on.
        let isOurs = answer.mode == .deterministic || !wantsPerson
        return Outcome(
            text: isOurs ? answer.text : SystemNotice.personCalled.text(scene.language), metadata: metadata,
            state: wantsPerson ? .handedOff : .succeeded, author: author,
            memory: answer.memory == before ? nil : answer.memory, before: before, stored: stored, calls: tools.log,
            model: answer.model, usage: answer.usage,
            reasoning: conversation.customerId == nil ? answer.reasoning : nil, labels: labels)
    }

    /// The time of the turn: after a pause, that of its beginning, by which the agent's memory is to be read.
    private var now: Date { turn.input?["now"]?.stringValue.flatMap(Timestamp.parse(_:)) ?? turn.startedAt ?? Date() }

    // MARK: Approvals

    private func paused(_ approvals: [Approval], _ before: SkillMemory, _ tools: ToolBox) -> Outcome {
        let notice = ApprovalNotice.waiting(approvals, scene.language)
        return Outcome(
            text: notice.text, metadata: notice.metadata, state: .awaitingApproval, author: author, before: before,
            calls: tools.log, input: ["memory": .object(before.json), "now": .string(Timestamp.string(now))],
            labels: tools.labels)
    }

    private func refused(_ approvals: [Approval], _ tools: ToolBox) -> Outcome {
        Outcome(
            text: ApprovalNotice.refused(approvals, scene.language),
            metadata: ["mode": "notice", "skill": "approval", "confidence": 0, "state": "rejected"],
            state: .succeeded, author: author, calls: tools.log, labels: tools.labels)
    }

    private func journal() async throws -> TurnJournal {
        let (journal, approvals) = (executor.conversations.journal, executor.conversations.approvals)
        let (turn, audience, run) = (turn, conversation.audience, run)
        return TurnJournal(
            turnId: turn.id, entries: try await journal.entries(of: turn),
            keep: { try await journal.keep($0, of: turn) },
            ask: { question in
                try await approvals.request(
                    Approval(
                        id: TurnIdentity.row(of: turn.id, "approval \(question.callId)"),
                        turn: turn,
                        callId: question.callId, tool: question.tool, summary: question.summary,
                        arguments: question.arguments, argumentsHash: question.argumentsHash,
                        createdAt: Date().inMilliseconds), audience: audience)
            }, reach: { try await run.reach($0) })
    }

    // MARK: Drafts

    private func drafts() -> DraftStream {
        let (turn, conversation, executor) = (turn, conversation, executor)
        return DraftStream(
            hasEarlier: turn.draft != nil || turn.attempt > 1,
            keep: { await executor.conversations.turns.keepDraft($0, of: turn) },
            tell: { offset, text, isReset in
                executor.hooks.onDelta(
                    TurnDelta(
                        turnId: turn.id, agentName: turn.agent, offset: offset, text: text, isReset: isReset,
                        conversation: conversation))
            })
    }

    private func watch() -> ToolWatch {
        let (turn, conversation, executor) = (turn, conversation, executor)
        return ToolWatch(
            keep: { await executor.conversations.turns.keepTools($0, of: turn) },
            tell: { step in
                executor.hooks.onTool(
                    ToolEvent(
                        kind: step.isOK == nil ? .started : .finished, turnId: turn.id, tool: step.tool,
                        isOK: step.isOK, conversation: conversation))
            })
    }

    /// Runs `body` and tells meanwhile what it writes and which tools it uses.
    private func withDrafts<Value: Sendable>(
        _ drafts: DraftStream, _ watch: ToolWatch, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                await drafts.run()
                return nil
            }
            group.addTask {
                await watch.run()
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let next = try await group.next() { if let value = next { return value } }
            throw CancellationError()
        }
    }

    // MARK: What was said

    private var author: TurnAuthor { run.author(scene) }

    /// What was said to this agent: its segment, or everything when it was not mentioned, with the messages before
    /// that this turn covers.
    private func instruction(_ directory: MentionDirectory) async throws -> String {
        let parsed = MentionParser.parse(
            scene.trigger.content, directory: directory, maximumAgents: Router.maximumAgents(on: conversation.platform))
        let own = parsed.agents.first { $0.name == turn.agent }?.segment ?? scene.trigger.content
        var pieces: [String] = []
        for id in turn.covers {
            do {
                let piece = try await executor.conversations.message(id, of: conversation.id, in: scope)
                if piece.deletedAt == nil { pieces.append(piece.content) }
            } catch is NotFound {}
        }
        return (pieces + [own]).joined(separator: "\n")
    }
}

extension TurnAnswering.Outcome {
    /// The reply.
    func draft(for turn: Turn, _ scene: TurnRun.Scene) -> MessageDraft {
        var text = text
        while text.utf8.count > MessageDraft.maximumContentBytes {
            text = String(text.dropLast(max(1, text.count / 50)))
        }
        var draft = MessageDraft(
            role: .agent, content: text,
            id: turn.replyMessageId ?? TurnIdentity.reply(to: scene.trigger, by: turn.agent), agentName: turn.agent,
            reasoning: reasoning, metadata: metadata, inReplyTo: scene.trigger.id, turnId: turn.id)
        draft.labels = labels
        return draft
    }

    /// What `agent_logs` will say.
    func record(of scene: TurnRun.Scene, since start: ContinuousClock.Instant) -> TurnRecord? {
        guard let state = state.logState else { return nil }
        return TurnRecord(
            state: state, latencyMs: (ContinuousClock.now - start).milliseconds, model: model, usage: usage,
            calls: calls, metadata: metadata, source: scene.source, channel: scene.conversation.platform.rawValue,
            version: agentVersion)
    }
}
