import Conversations
import Foundation
import Synchronization

/// Tells those who watch a conversation which tools its running turn is using.
///
/// What runs is kept with the turn before it is told, so that whoever connects in the middle reads what was told before.
/// A call that is over within ``patience`` is told as begun and over at once, and costs no write.
public final class ToolWatch: Sendable {
    /// How long a call may take before it is told.
    static let patience = Duration.milliseconds(25)
    /// The most calls of one turn that are told; its tool boxes allow fewer.
    static let maximumCalls = 200

    /// What is told of a call.
    struct Step: Sendable, Hashable {
        var tool: RunningTool
        /// Nil while it runs.
        var isOK: Bool?
    }

    private struct State {
        var count = 0
        var running: [RunningTool] = []
        var untold: [Step] = []
        /// Whether what is kept with the turn says that something runs.
        var isKept = false
        /// Wakes the task that tells. A stream of its own for each: a cancelled task ends its stream for good.
        var signal: AsyncStream<Void>.Continuation?
    }

    private let state = Mutex(State())
    private let keep: @Sendable ([RunningTool]) async -> Void
    private let tell: @Sendable (Step) -> Void

    init(keep: @escaping @Sendable ([RunningTool]) async -> Void, tell: @escaping @Sendable (Step) -> Void) {
        self.keep = keep
        self.tell = tell
    }

    /// A call begins. Never waits.
    /// - Returns: nil for one that is not told.
    func began(_ tool: any Tool, by agent: String) -> RunningTool? {
        let (call, signal) = state.withLock { state -> (RunningTool?, AsyncStream<Void>.Continuation?) in
            guard state.count < Self.maximumCalls else { return (nil, nil) }
            state.count += 1
            let call = RunningTool(call: state.count, agent: agent, tool: tool.name, label: tool.title)
            state.running.append(call)
            state.untold.append(Step(tool: call))
            return (call, state.signal)
        }
        signal?.yield()
        return call
    }

    /// A call is over. Never waits.
    func ended(_ call: RunningTool?, isOK: Bool) {
        guard let call else { return }
        let signal = state.withLock { state in
            state.running.removeAll { $0 == call }
            state.untold.append(Step(tool: call, isOK: isOK))
            return state.signal
        }
        signal?.yield()
    }

    /// Tells what comes until the task is cancelled. One task at a time, and one for each try of the turn.
    func run() async {
        let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let isDue = state.withLock { state in
            state.signal = signal
            return !state.untold.isEmpty
        }
        if isDue { signal.yield() }
        for await _ in signals {
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            await flush()
        }
    }

    /// Tells what is left to tell. Not while ``run()`` runs.
    /// - Parameter isEnd: whether the turn ends now, and what is kept with it goes.
    func flush(isEnd: Bool = false) async {
        let (steps, running, mustKeep) = state.withLock { state in
            defer {
                state.untold = []
                state.isKept = !state.running.isEmpty
            }
            return (state.untold, state.running, state.isKept || !state.running.isEmpty)
        }
        guard !steps.isEmpty else { return }
        if mustKeep, !isEnd { await keep(running) }
        for step in steps { tell(step) }
    }
}

extension Tool {
    /// The most characters of a ``title``.
    private static var longestTitle: Int { 80 }

    /// What it does in a few words for people: the beginning of ``description``, or the name where there is none.
    var title: String {
        let first = description.split(whereSeparator: { ";\n".contains($0) }).first ?? ""
        let sentence = String(first).components(upTo: ". ")
        let words = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        guard !words.isEmpty else { return name }
        return words.count <= Self.longestTitle ? words : words.prefix(Self.longestTitle - 1) + "…"
    }
}

extension String {
    /// What stands before the first `separator`, without spaces around it.
    fileprivate func components(upTo separator: String) -> String {
        let end = range(of: separator)?.lowerBound ?? endIndex
        return String(self[..<end]).trimmingCharacters(in: .whitespaces)
    }
}
