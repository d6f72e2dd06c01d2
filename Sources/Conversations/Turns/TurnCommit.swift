public import JSON

/// How a claimed turn ends, or pauses: what ``ConversationStore/commit(_:)`` stores in one transaction.
public struct TurnCommit: Sendable {
    /// The turn under its claim.
    public var turn: Turn
    /// The reply. When the turn has one already, that one is changed to this.
    public var reply: MessageDraft
    /// What the turn becomes.
    public var state: Turn.State
    /// `control.version` that must still be true.
    public var controlVersion: Int
    /// Whether a person is called: agents keep quiet until somebody takes over or hands back.
    public var callsPerson = false
    /// Why it failed.
    public var error: String?
    /// The record for `agent_logs`, kept with the turn until it is there.
    public var record: JSONObject?
    /// What the turn works from when it goes on later.
    public var input: JSONObject?

    /// An end.
    public init(turn: Turn, reply: MessageDraft, state: Turn.State, controlVersion: Int) {
        self.turn = turn
        self.reply = reply
        self.state = state
        self.controlVersion = controlVersion
    }
}

/// What became of a ``TurnCommit``.
public enum TurnCommitOutcome: Sendable {
    /// Stored, as the conversation is now.
    case stored(Message, Conversation)
    /// Control changed while the agent answered: nothing is stored.
    case controlChanged
    /// The claim was lost: whoever has the turn now goes on.
    case claimLost
}
