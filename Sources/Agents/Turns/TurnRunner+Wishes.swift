public import Conversations
public import Foundation
public import Tenancy

/// What members want of turns.
extension TurnRunner {
    /// A turn, for a caller who sees its conversation.
    /// - Throws: `NotFound` as for a turn that does not exist; `MongoError`.
    public func turn(_ id: UUID, in scope: TenantScope) async throws -> Turn {
        try await seen(id, in: scope).turn
    }

    /// Calls a turn off. Nothing it would have said is said; what waits for a decision is decided against. One that is
    /// over stays as it is.
    /// - Throws: `NotFound`, `MongoError`.
    public func cancel(_ id: UUID, by scope: TenantScope) async throws -> Turn {
        let (turn, conversation) = try await seen(id, in: scope)
        // Should this process end here, the turn goes on, finds the decision and says so.
        if turn.state == .awaitingApproval {
            try await conversations.approvals.withdraw(all: turn, by: scope.userId)
        }
        let before = try await conversations.turns.cancel(id, scope, because: "a member called it off")
        let after = try await conversations.turns.turn(id, scope)
        guard let before else { return after }
        if before.state == .awaitingApproval { try await conversations.replaceReply(of: before, with: Self.calledOff) }
        await executor.record(after)
        // What was shown of the answer is void.
        executor.hooks.onDelta(
            TurnDelta(
                turnId: id, agentName: turn.agent, offset: 0, text: "", isReset: true, conversation: conversation))
        executor.hooks.onEvent(
            TurnEvent(
                kind: .finished, turnId: id, agentName: turn.agent, state: after.state.word,
                triggerMessageId: turn.triggerMessageId, replyMessageId: before.replyMessageId,
                conversation: conversation))
        interrupt(id)
        wakeAll()
        return after
    }

    /// Tries a failed turn again, under the same id; its reply changes to what comes of it.
    /// - Throws: `NotFound`; `StoreConflict` for one that did not fail; `MongoError`.
    public func retry(_ id: UUID, by scope: TenantScope) async throws -> Turn {
        let turn = try await seen(id, in: scope).turn
        if turn.state == .queued || turn.state == .running { return turn }
        guard try await conversations.turns.retry(turn) else {
            let now = try await conversations.turns.turn(id, scope)
            if now.state == .queued || now.state == .running { return now }
            throw StoreConflict(
                field: nil, code: now.state.word,
                message: "only a failed turn is tried again; this one: \(now.state.word)")
        }
        wakeAll()
        return try await conversations.turns.turn(id, scope)
    }

    private func seen(_ id: UUID, in scope: TenantScope) async throws -> (turn: Turn, conversation: Conversation) {
        let turn = try await conversations.turns.turn(id, scope)
        do {
            return (turn, try await conversations.conversation(turn.conversationId, in: scope))
        } catch is NotFound {
            throw NotFound("turn")
        }
    }

    private static var calledOff: MessageDraft {
        MessageDraft(
            role: .agent, content: "Called off; nothing was done.",
            metadata: ["mode": "notice", "skill": "approval", "confidence": 0, "state": "cancelled"])
    }
}
