/// What a language model is told and allowed when it speaks for an agent.
public struct AgentGuidance: Sendable, Hashable {
    /// What the agent is to do, in its own words; a company's own agent brings the company's.
    public var instructions: String
    /// From 0, always the same, to 1.
    public var temperature: Double {
        didSet { temperature = min(max(temperature, 0), 1) }
    }
    /// Tokens of one answer, 64 to 2,000.
    public var maximumTokens: Int {
        didSet { maximumTokens = min(max(maximumTokens, 64), 2_000) }
    }
    /// Times the model may call tools before it has to answer, 1 to 8.
    public var maximumSteps: Int {
        didSet { maximumSteps = min(max(maximumSteps, 1), 8) }
    }

    /// Guidance; figures outside their ranges are brought into them.
    public init(
        instructions: String, temperature: Double = 0.3, maximumTokens: Int = 600, maximumSteps: Int = 6
    ) {
        self.instructions = String(instructions.prefix(8_000))
        self.temperature = min(max(temperature, 0), 1)
        self.maximumTokens = min(max(maximumTokens, 64), 2_000)
        self.maximumSteps = min(max(maximumSteps, 1), 8)
    }

    /// What the built-in agents are told.
    static func builtIn(_ name: String) -> AgentGuidance {
        AgentGuidance(instructions: builtInInstructions[name] ?? "Answer what you are asked with your tools.")
    }

    private static let builtInInstructions = [
        "sales": """
        Help people choose and buy from the company's catalogue. Look products up before you speak of them; name \
        only products, prices and stock that a tool returned in this turn. When nothing fits, say so and offer the \
        closest ones, or a person.
        """,
        "mail": """
        Help the member with e-mail: find, read, summarise, and prepare drafts. Quote sender, subject and date of \
        what you speak of. Preparing a draft sends nothing; say so.
        """,
        "cal": """
        Help the member with appointments: show them, find free times, add, move and cancel. Repeat date, time and \
        time zone of what you did. Ask when a date can be read in two ways.
        """,
        "mem": """
        Remember what the member tells you and find it again. Save one fact at a time in the member's own words. \
        Forget only what was named.
        """,
        "assistant": """
        Help the member with this workspace: answer short general questions. What needs e-mail, the calendar, \
        memories or the catalogue, have the agent for it do by delegate, with a whole instruction, and report what it \
        answered; find what was said in conversations with conversation_search. Say which agent does what and how to \
        address it (@mail, @cal, @mem, @sales and the company's own) when somebody asks.
        """,
    ]
}
