import LanguageModels
import Synchronization

/// Shows the words of an answer while a model writes them, sentence by sentence, and takes them back when they are void.
final class DraftWriter: Sendable {
    private struct State {
        var release: SentenceRelease
        var isShown = false
    }

    private let prepare: @Sendable (String) -> String?
    private let send: @Sendable (DraftChange) -> Void
    private let state: Mutex<State>

    /// A writer.
    /// - Parameters:
    ///   - prepare: cleans a text from its beginning; nil when it must not be shown.
    ///   - send: hears what is shown and taken back.
    init(
        _ prepare: @escaping @Sendable (String) -> String?, send: @escaping @Sendable (DraftChange) -> Void
    ) {
        self.prepare = prepare
        self.send = send
        state = Mutex(State(release: SentenceRelease(prepare)))
    }

    /// Hears a model.
    var listener: ChatListener {
        ChatListener(onText: { text in self.add(text) }, onBreak: { self.reset() })
    }

    func add(_ text: String) {
        let new = state.withLock { state -> String? in
            let new = state.release.add(text)
            if new != nil { state.isShown = true }
            return new
        }
        if let new { send(.text(new)) }
    }

    /// Voids all that was said so far.
    /// - Returns: whether somebody saw some of it.
    @discardableResult
    func reset() -> Bool {
        let wasShown = state.withLock { state in
            defer { state = State(release: SentenceRelease(prepare)) }
            return state.isShown
        }
        if wasShown { send(.reset) }
        return wasShown
    }
}
