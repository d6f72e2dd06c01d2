import Conversations
import Foundation
import JSON
import Logging
import Tenancy

/// What running turns needs, and what happens to a turn whatever becomes of it.
struct TurnExecutor: Sendable {
    let registry: AgentRegistry
    let conversations: ConversationStore
    let states: AgentStateStore
    let logs: AgentLogStore
    let company: @Sendable (TenantScope) async throws -> Company
    let configuration: TurnConfiguration
    let logger: Logger
    let hooks: TurnHooks
    var limits = TurnLimits.none

    /// Runs a claimed turn to its end, or gives the claim back.
    /// - Parameter interrupted: ends when the turn was called off.
    /// - Returns: how it ended; nil when it did not end here.
    func execute(_ turn: Turn, until interrupted: AsyncStream<Void>) async -> TurnResult? {
        do {
            return try await TurnRun(executor: self, turn: turn).run(until: interrupted)
        } catch is TurnCrash {
            return nil
        } catch is NotFound {
            // The conversation is gone, and nobody waits for an answer.
            _ = try? await conversations.turns.end(turn, .cancelled, error: "the conversation is gone", record: nil)
            return nil
        } catch {
            await giveBack(turn, after: error)
            return nil
        }
    }

    /// Lets another process, or a later try, go on. A shutdown costs no attempt.
    private func giveBack(_ turn: Turn, after error: any Error) async {
        let isShutdown = error is CancellationError || Task.isCancelled
        if !isShutdown {
            logger.error(
                "a turn could not be ended and is tried again",
                metadata: ["turn": "\(turn.id.lowercased)", "agent": "\(turn.agent)", "error": "\(describe(error))"])
        }
        let (turns, pause) = (conversations.turns, isShutdown ? 0 : 2.0 * Double(max(turn.attempt, 1)))
        // Not of the task that was cancelled: giving back is what a cancelled turn still does.
        await Task {
            try? await turns.release(
                turn, notBefore: Date().addingTimeInterval(pause), countsAsAttempt: !isShutdown)
        }.value
    }

    /// Writes the row of an ended turn in `agent_logs`, once, however often it is asked to.
    func record(_ turn: Turn) async {
        guard let record = turn.record else { return }
        do {
            if !SystemNotice.isName(turn.agent) {
                try await logs.insert(.forJob(companyId: turn.companyId), TurnRecord.log(of: turn, record))
            }
            await conversations.turns.noteRecorded(turn)
        } catch {
            logger.warning(
                "a turn is recorded later",
                metadata: ["turn": "\(turn.id.lowercased)", "error": "\(describe(error))"])
        }
    }

    /// How the turns of a message are, from the store.
    func outcome(of message: Message, expected: Int) async throws -> TurnOutcome {
        let scope = TenantScope.forJob(companyId: message.companyId)
        let turns = try await conversations.turns.turns(of: message.id, scope)
        var results: [TurnResult] = []
        for turn in turns {
            guard let end = try await end(of: turn, scope) else { continue }
            results.append(end)
        }
        return TurnOutcome(turns: results, isComplete: turns.count >= expected && results.count == turns.count)
    }

    /// How a turn ended; nil while it has not. One that was covered ended as the one that covers it.
    private func end(of turn: Turn, _ scope: TenantScope) async throws -> TurnResult? {
        var answering = turn
        for _ in 0..<8 {
            guard answering.state == .superseded, let next = answering.supersededBy else { break }
            answering = try await conversations.turns.turn(next, scope)
        }
        guard answering.state.isFinal || answering.state == .awaitingApproval else { return nil }
        var reply: Message?
        if let id = answering.replyMessageId {
            do { reply = try await conversations.message(id, of: turn.conversationId, in: scope) } catch is NotFound {
                // Messages are read from a majority, which may have the reply only in a moment.
                return nil
            }
        }
        return TurnResult(
            id: turn.id, agent: SystemNotice.isName(turn.agent) ? nil : turn.agent, state: answering.state.word,
            reply: reply)
    }
}

/// Who is told of what turns do. All must be quick and must not block, but `onControl`.
struct TurnHooks: Sendable {
    var onEvent: @Sendable (TurnEvent) -> Void
    var onDelta: @Sendable (TurnDelta) -> Void
    var onTool: @Sendable (ToolEvent) -> Void
    /// Control of a conversation of this company changed.
    var onControl: @Sendable (UUID) async -> Void
    /// A turn waits that this process will not run at once.
    var onWaiting: @Sendable () -> Void
    /// An agent of this name answered with a language model.
    var onModelAnswer: @Sendable (Conversation, String) -> Void
}
