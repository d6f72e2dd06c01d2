public import Foundation

/// Which of a conversation's waiting turns runs next, and which others its answer covers. Pure.
///
/// Turns run in the order of their messages. When somebody wrote several messages in a row to the same agent without
/// naming it, the last one's turn answers them all: people send one thought in pieces. A message that names its agent
/// is an instruction of its own.
public enum TurnCoalescing {
    /// The most messages that one turn covers beside its own.
    public static let maximumCovered = 20
    /// How long somebody who keeps writing can put an answer off, in seconds.
    public static let longestWait: TimeInterval = 8

    /// What to do.
    public enum Choice: Sendable, Hashable {
        /// Run this turn, and these others are answered by it.
        case run(Turn, covering: [Turn])
        /// The next one to run may still be followed by another piece.
        case wait(until: Date)
    }

    /// Chooses among the waiting turns of one conversation, in the order of their messages; nil when there are none.
    public static func choose(_ waiting: [Turn], at now: Date) -> Choice? {
        guard let first = waiting.first else { return nil }
        var run = [first]
        if !first.isAddressed {
            run += waiting.dropFirst().prefix { $0.continues(first) }.prefix(maximumCovered)
        }
        let last = run[run.count - 1]
        let due = min(last.notBefore, first.createdAt.addingTimeInterval(longestWait))
        if due > now { return .wait(until: due) }
        return .run(last, covering: run.dropLast())
    }
}

extension Turn {
    /// Whether it is about the next piece of what `first` is about.
    fileprivate func continues(_ first: Turn) -> Bool {
        agent == first.agent && author == first.author && !isAddressed && ordinal == 0
    }
}
