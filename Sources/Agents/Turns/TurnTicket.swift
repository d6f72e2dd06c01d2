public import Conversations
public import Foundation
import Synchronization

/// What became of one agent's turn.
public struct TurnResult: Sendable, Hashable {
    /// The turn's id, that of its row in `agent_logs`.
    public var id: UUID
    /// The agent; nil for a notice of the system.
    public var agent: String?
    /// How it ended; nil while it is not known.
    public var state: String
    /// The reply, when there is one.
    public var reply: Message?
}

/// What is known about the turns of one message.
public struct TurnOutcome: Sendable {
    /// The turns that ended, in their order.
    public var turns: [TurnResult]
    /// Whether all have ended.
    public var isComplete: Bool
    /// The replies so far, in the order in which they were written.
    public var replies: [Message] { turns.compactMap(\.reply) }
}

/// The running turns of one message, for whoever wants to wait for the replies.
public final class TurnTicket: Sendable {
    private struct State {
        var turns: [TurnResult] = []
        var isComplete = false
        var isReleased = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
        var nextWaiter = 0
    }

    /// The message that started the turns.
    public let messageId: UUID
    private let state = Mutex(State())

    init(_ messageId: UUID) { self.messageId = messageId }

    /// A ticket for turns that ended before.
    init(_ messageId: UUID, ended turns: [TurnResult]) {
        self.messageId = messageId
        state.withLock {
            $0.turns = turns
            $0.isComplete = true
        }
    }

    /// What is known now.
    public var outcome: TurnOutcome { state.withLock { TurnOutcome(turns: $0.turns, isComplete: $0.isComplete) } }

    /// Waits until all turns have ended, but at most for `time`, and returns what is known then. Stops early when the
    /// waiting task is cancelled or this process gives the turns up.
    public func outcome(within time: Duration) async -> TurnOutcome {
        if outcome.isComplete || time <= .zero { return outcome }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
        return outcome
    }

    func add(_ turn: TurnResult) { state.withLock { $0.turns.append(turn) } }

    /// All turns have ended.
    func complete() { release { $0.isComplete = true } }

    /// This process does not go on with them; whoever waits learns what there is.
    func release() { release { _ in } }

    private func release(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            state.isReleased = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    private func wait() async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isReleased || state.cancelled.remove(number) != nil { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: number) { return waiter }
                if !state.isReleased { state.cancelled.insert(number) }
                return nil
            }
            waiter?.resume()
        }
    }
}
