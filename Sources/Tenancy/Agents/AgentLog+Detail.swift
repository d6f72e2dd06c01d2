import JSON

extension AgentLog {
    /// What a turn was, beyond how it ended.
    public struct Detail: Sendable, Hashable {
        /// How an answer came about.
        public enum Mode: String, Sendable, Hashable, CaseIterable {
            /// By rules alone.
            case deterministic
            /// With a language model.
            case llm
            /// The system spoke in the agent's place.
            case notice
        }

        /// What came of it for whoever asked.
        public enum Outcome: String, Sendable, Hashable, CaseIterable {
            /// It answered.
            case answered
            /// It asked back.
            case clarified
            /// It called a person.
            case handedOff = "handed_off"
            /// A member has to approve something first.
            case approvalRequested = "approval_requested"
            /// It would not.
            case refused
            /// Rules answered because the model could not.
            case fallback
            /// A notice took the answer's place.
            case failed
            /// A later turn covered it.
            case superseded
            /// A person took over while it answered.
            case supersededByHuman = "superseded_by_human"
            /// It was called off.
            case cancelled
        }

        /// The version of the agent's definition; 0 for a built-in one that was never changed.
        public var agentVersion = 0
        /// The conversation's platform.
        public var channel = "api"
        /// How the agent was chosen, as in `routing.source`.
        public var trigger: String?
        /// How the answer came about.
        public var mode: Mode?
        /// The skill that answered.
        public var skill: String?
        /// What came of it.
        public var outcome: Outcome?
        /// How sure it was, 0 to 1.
        public var confidence: Double?
        /// Calls of the model.
        public var steps = 0
        /// When the first words came, in milliseconds; `nil` when nothing was streamed.
        public var firstTokenMs: Int?
        /// Whether the tokens are an estimate.
        public var isEstimated = false

        /// Nothing known.
        public init() {}
    }
}

extension AgentLog.Detail {
    /// Writes its fields into an object that is being written.
    func encodeFields(into writer: inout JSONWriter) {
        writer.field("agentVersion", agentVersion)
        writer.field("channel", channel)
        writer.field("trigger", trigger)
        writer.field("mode", mode?.rawValue)
        writer.field("skill", skill)
        writer.field("outcome", outcome?.rawValue)
        writer.field("confidence", confidence)
        writer.field("steps", steps)
        writer.field("firstTokenMs", firstTokenMs)
        writer.field("estimated", isEstimated)
    }
}
