import Conversations
import Foundation
import Synchronization

/// An answer while it is being written: gathers what the agent tells and passes it on a few times a second.
///
/// The text is kept with the turn before it is told, so that whoever connects in the middle reads all that was told
/// before, and follows by offsets.
final class DraftStream: Sendable {
    /// The most often that is told.
    static let interval = Duration.milliseconds(100)
    /// The most text, in Unicode scalars; more is not shown before the reply is stored.
    static let maximumScalars = 32_000

    private struct State {
        var text = String.UnicodeScalarView()
        var count = 0
        /// Scalars that were told.
        var told = 0
        var needsReset: Bool
        /// Wakes the task that tells. A stream of its own for each: a cancelled task ends its stream for good.
        var signal: AsyncStream<Void>.Continuation?
    }

    private let state: Mutex<State>
    private let keep: @Sendable (String) async -> Void
    private let tell: @Sendable (_ offset: Int, _ text: String, _ isReset: Bool) -> Void

    /// - Parameter hasEarlier: whether an earlier run of the turn told something that is void now.
    init(
        hasEarlier: Bool, keep: @escaping @Sendable (String) async -> Void,
        tell: @escaping @Sendable (_ offset: Int, _ text: String, _ isReset: Bool) -> Void
    ) {
        state = Mutex(State(needsReset: hasEarlier))
        self.keep = keep
        self.tell = tell
    }

    /// Takes a change in. Never waits.
    func change(_ change: DraftChange) {
        let signal = state.withLock { state in
            switch change {
            case .text(let text):
                for scalar in text.unicodeScalars where state.count < Self.maximumScalars {
                    state.text.append(scalar)
                    state.count += 1
                }
            case .reset:
                state.needsReset = state.needsReset || state.told > 0
                state.text = String.UnicodeScalarView()
                state.count = 0
                state.told = 0
            }
            return state.signal
        }
        signal?.yield()
    }

    /// Passes on what comes until the task is cancelled: the first at once, the rest gathered. One task at a time, and one
    /// for each try of the turn.
    func run() async {
        let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let isDue = state.withLock { state in
            state.signal = signal
            return state.needsReset || state.told < state.count
        }
        if isDue { signal.yield() }
        for await _ in signals {
            await flush()
            guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
        }
    }

    private func flush() async {
        let (text, offset, new, isReset) = state.withLock { state in
            let new = String(state.text.dropFirst(state.told))
            defer {
                state.told = state.count
                state.needsReset = false
            }
            return (String(state.text), state.told, new, state.needsReset)
        }
        guard !new.isEmpty || isReset else { return }
        await keep(text)
        if isReset { tell(0, "", true) }
        if !new.isEmpty { tell(offset, new, false) }
    }
}
