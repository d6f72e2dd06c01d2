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
    }

    private let state: Mutex<State>
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let keep: @Sendable (String) async -> Void
    private let tell: @Sendable (_ offset: Int, _ text: String, _ isReset: Bool) -> Void

    /// - Parameter hasEarlier: whether an earlier run of the turn told something that is void now.
    init(
        hasEarlier: Bool, keep: @escaping @Sendable (String) async -> Void,
        tell: @escaping @Sendable (_ offset: Int, _ text: String, _ isReset: Bool) -> Void
    ) {
        state = Mutex(State(needsReset: hasEarlier))
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.keep = keep
        self.tell = tell
        if hasEarlier { signal.yield() }
    }

    /// Takes a change in. Never waits.
    func change(_ change: DraftChange) {
        state.withLock { state in
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
        }
        signal.yield()
    }

    /// Passes on what comes until the task is cancelled: the first at once, the rest gathered.
    func run() async {
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
