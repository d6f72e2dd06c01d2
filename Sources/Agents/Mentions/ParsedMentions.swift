import JSON

/// What the mention grammar found in one message.
public struct ParsedMentions: Sendable, Hashable {
    /// An agent that the message addresses.
    public struct Target: Sendable, Hashable {
        /// The agent's canonical name.
        public var name: String
        /// What is said to it: its part of the message, or the whole message where it is only spoken of. Parts that
        /// stand apart are joined by line breaks. Empty when the message is nothing but mentions.
        public var segment: String
    }

    /// A mention in the text, for highlighting.
    public struct Mention: Sendable, Hashable {
        /// Scalar offsets of the stored text, from the at sign to the end of the handle.
        public var range: Range<Int>
        /// The handle as resolved, lower case.
        public var handle: String
        /// Whether it speaks to the agent rather than of it.
        public var isVocative: Bool
    }

    /// How the agents of a message were chosen (docs/agents.md).
    public enum Source: String, Sendable, Hashable, CaseIterable {
        case explicit, mention
        case replyTo = "reply_to"
        case sticky
        case conversationDefault = "conversation_default"
        case channelDefault = "channel_default"
        case companyDefault = "company_default"
        case none
    }

    /// At most three agents, in order of first appearance, each once. Empty when `human` is set.
    public var agents: [Target] = []
    /// Handles that name nobody, lower case, each once, at most 16.
    public var unknown: [String] = []
    /// The message asks for a person: no agent is started.
    public var human = false
    /// More agents were mentioned than are used.
    public var truncated = false
    /// `mention` when agents were found, else `none`.
    public var source = Source.none
    /// For a single misspelt handle at the start of a member's message: the agent that was probably meant.
    public var hint: String?
    /// Broadcast words in the text (`here`), each once.
    public var broadcast: [String] = []
    /// Handles of mentioned members, each once.
    public var members: [String] = []
    /// All mentions of agents, for highlighting, in order.
    public var mentions: [Mention] = []

    /// Scalars and pairs looked at; what "linear time" is asserted on.
    var steps = 0
}

extension ParsedMentions.Target: JSONEncodable {
    /// Writes `{name, segment}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("name", name)
            $0.field("segment", segment)
        }
    }
}

extension ParsedMentions: JSONEncodable {
    /// Writes the answer of `POST /routing/parse`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("agents", agents)
            $0.field("unknown", unknown)
            $0.field("human", human)
            $0.field("truncated", truncated)
        }
    }
}
