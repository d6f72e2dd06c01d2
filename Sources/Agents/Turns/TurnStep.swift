/// The steps of a turn, in their order. Tests end a worker at each of them; what follows must come out the same.
public enum TurnStep: String, Sendable, Hashable, CaseIterable {
    /// A worker has the turn.
    case claimed
    /// The agent is about to answer.
    case answering
    /// A tool that must not run twice is about to.
    case toolStarting
    /// A tool did its work, and its result is not kept yet.
    case toolDone
    /// A tool's result is kept.
    case toolKept
    /// The agent answered.
    case answered
    /// What the agent wants to know next time is kept.
    case memoryKept
    /// The reply is stored.
    case committed
    /// The turn is over, and on record.
    case recorded
}
