public import Conversations
public import Foundation
import Synchronization

/// What became of one agent's turn.
public struct TurnResult: Sendable, Hashable {
    /// The turn's id, that of its row in `agent_logs`.
    public var id: UUID
    /// The agent; nil for a notice of the system.
    public var agent: String?
    /// How it ended, in the words of `agent_logs`, or `awaiting_approval`.
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

/// The turns of one message, for whoever wants to wait for the replies, whichever process runs them.
///
/// Turns that end in this process tell at once; the others are asked for, a few times a second, while somebody waits.
public final class TurnTicket: Sendable {
    /// How often is asked for turns of other processes, in the long run.
    static let pollInterval = Duration.milliseconds(150)
    static let firstPolls = 20

    private struct State {
        var turns: [TurnResult] = []
        var isComplete = false
        var isClosed = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
        var nextWaiter = 0
    }

    /// The message that started the turns.
    public let messageId: UUID
    private let expected: Int
    private let firstPoll: Duration
    private let look: @Sendable () async -> TurnOutcome?
    private let onEnd: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - expected: how many turns the message started.
    ///   - firstPoll: how often is asked the first ``firstPolls`` times; then every ``pollInterval``.
    ///   - look: reads how they are from the store.
    ///   - onEnd: called when nobody has the ticket any more.
    init(
        _ messageId: UUID, expected: Int, firstPoll: Duration = pollInterval,
        look: @escaping @Sendable () async -> TurnOutcome?,
        onEnd: @escaping @Sendable () -> Void = {}
    ) {
        self.messageId = messageId
        self.expected = expected
        self.firstPoll = firstPoll
        self.look = look
        self.onEnd = onEnd
        if expected == 0 { state.withLock { $0.isComplete = true } }
    }

    deinit { onEnd() }

    /// What is known now.
    public var outcome: TurnOutcome { state.withLock { TurnOutcome(turns: $0.turns, isComplete: $0.isComplete) } }

    /// Waits until all turns have ended, but at most for `time`, and returns what is known then. Stops early when the
    /// waiting task is cancelled or this process stops.
    public func outcome(within time: Duration) async -> TurnOutcome {
        if outcome.isComplete || time <= .zero { return outcome }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: time) }
            group.addTask { await self.poll() }
            await group.next()
            group.cancelAll()
        }
        return outcome
    }

    /// One of the turns has ended.
    func add(_ turn: TurnResult) {
        let isComplete = state.withLock { state in
            guard !state.turns.contains(where: { $0.id == turn.id }) else { return false }
            state.turns.append(turn)
            state.isComplete = state.isComplete || state.turns.count >= expected
            return state.isComplete
        }
        if isComplete { wake() }
    }

    /// This process stops; whoever waits learns what there is.
    func close() { wake { $0.isClosed = true } }

    private func poll() async {
        var polls = 0
        while !Task.isCancelled {
            let pause = polls < Self.firstPolls ? firstPoll : Self.pollInterval
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            polls += 1
            guard let found = await look() else { continue }
            state.withLock { state in
                guard !state.isComplete else { return }
                state.turns = found.turns
                state.isComplete = found.isComplete
            }
            if found.isComplete { return wake() }
        }
    }

    private func wake(_ change: (inout State) -> Void = { _ in }) {
        let waiters = state.withLock { state in
            change(&state)
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
                    if state.isComplete || state.isClosed || state.cancelled.remove(number) != nil { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: number) { return waiter }
                if !state.isComplete, !state.isClosed { state.cancelled.insert(number) }
                return nil
            }
            waiter?.resume()
        }
    }
}
