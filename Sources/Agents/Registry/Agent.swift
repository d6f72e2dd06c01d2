public import Conversations
public import Foundation
public import JSON

/// Something that answers when it is mentioned or holds a conversation.
public protocol Agent: Sendable {
    /// Name, description and what else the registry shows.
    var profile: AgentProfile { get }
    /// The tools it may use.
    var tools: [any Tool] { get }

    /// What a language model is told when it speaks for the agent.
    var guidance: AgentGuidance { get }

    /// Answers one instruction by rules alone. Works in bounded time, and never talks to a database but through its
    /// tools.
    func answer(_ turn: AgentTurn) async throws -> AgentAnswer

    /// Answers what its grammar understands exactly (`unread`, `remember …`, the number of a choice), so that no model
    /// needs to be asked; nil for anything else.
    func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer?

    /// Completes what a language model answered in its place: keeps what the next turn needs, says what the model could
    /// not know.
    func completed(_ answer: AgentAnswer, _ turn: AgentTurn) -> AgentAnswer
}

extension Agent {
    /// The guidance of the built-in agent of this name.
    public var guidance: AgentGuidance { .builtIn(profile.name) }

    /// Nothing is understood exactly.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? { nil }

    /// Nothing to add.
    public func completed(_ answer: AgentAnswer, _ turn: AgentTurn) -> AgentAnswer { answer }
}

/// What an agent answers to.
public struct AgentTurn: Sendable {
    /// What was said to it; empty for a bare mention.
    public var instruction: String
    /// Who wrote it.
    public var author: TurnAuthor
    /// The company's way of speaking.
    public var voice: BrandVoice
    /// The company's name.
    public var companyName: String
    /// The agent's tools for this turn.
    public var tools: ToolBox
    /// What it kept from earlier turns of this author in this conversation.
    public var memory: SkillMemory
    /// The agents that the author may mention, for help.
    public var visibleAgents: [AgentProfile]
    /// The time of the turn.
    public var now: Date
    /// The turn's id, as in `agent_logs`.
    public var turnId: UUID
    /// Where it takes place, as it was when the turn began.
    public var conversation: Conversation
    /// The message that started it.
    public var trigger: Message
    /// When the turn is given up and a notice said instead.
    public var deadline: ContinuousClock.Instant
    /// Hears of the answer while it is being written. Quick, never blocks, may be called from any task.
    public var onDraft: @Sendable (DraftChange) -> Void
    /// What earlier runs of the turn did, and where steps are kept that must not be made twice: an agent that asks a
    /// model looks for its answer here first, and keeps it.
    public var journal: TurnJournal
    /// Whether a language model may be asked.
    public var mayAskModel = true
    /// Keeps the steps of an agent that another one asks apart from those of the one that asks.
    var trailPrefix = ""

    /// A turn.
    public init(
        instruction: String, author: TurnAuthor, voice: BrandVoice = BrandVoice(), companyName: String = "",
        tools: ToolBox,
        memory: SkillMemory = SkillMemory(), visibleAgents: [AgentProfile] = [], now: Date = Date(),
        conversation: Conversation, trigger: Message, deadline: ContinuousClock.Instant = .now + .seconds(20),
        journal: TurnJournal = .forgetful, onDraft: @escaping @Sendable (DraftChange) -> Void = { _ in }
    ) {
        self.instruction = instruction
        self.author = author
        self.voice = voice
        self.companyName = companyName
        self.tools = tools
        self.memory = memory
        self.visibleAgents = visibleAgents
        self.now = now
        turnId = tools.scope.turnId
        self.conversation = conversation
        self.trigger = trigger
        self.deadline = deadline
        self.journal = journal
        self.onDraft = onDraft
    }

    /// The language to answer in: the pattern's, else the instruction's own, within what the company speaks.
    func language(_ pattern: Language?) -> Language {
        voice.language(for: pattern ?? Language.detect(FoldedText(instruction)))
    }
}

/// What an agent answered.
public struct AgentAnswer: Sendable {
    /// The text of the reply.
    public var text: String
    /// Which skill answered.
    public var skill = ""
    /// How sure it is: 1 exact grammar, 0.6 keywords, 0 help and notices.
    public var confidence: Double?
    /// A person shall go on.
    public var wantsPerson = false
    /// What to keep for the author's next turn.
    public var memory: SkillMemory
    /// Whether a language model wrote it.
    public var mode = Mode.deterministic
    /// Whether rules answered because a model was asked and could not.
    public var isFallback = false
    /// The language model that wrote it; nil for none.
    public var model: String?
    /// What the language model's part took; nil for none.
    public var usage: TurnUsage?
    /// What the model thought on the way, in whatever form it gave. Kept with the reply where no customer reads it.
    public var reasoning: JSONValue?

    /// How an answer came about.
    public enum Mode: String, Sendable, Hashable {
        /// By rules alone.
        case deterministic
        /// With a language model.
        case llm
    }

    /// An answer.
    public init(_ text: String, memory: SkillMemory, confidence: Double? = nil, wantsPerson: Bool = false) {
        self.text = text
        self.memory = memory
        self.confidence = confidence
        self.wantsPerson = wantsPerson
    }

    mutating func complete(skill: String, confidence: Double) {
        if self.skill.isEmpty { self.skill = skill }
        self.confidence = self.confidence ?? confidence
    }
}
