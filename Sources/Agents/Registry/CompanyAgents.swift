/// The agents of one company at one moment: the built-in ones as the company set them, and its own.
public struct CompanyAgents: Sendable {
    /// The agents in the order in which they are listed, those that are switched off too.
    public let agents: [any Agent]
    private let aliases: [String: String]
    private let generator: Generator?

    /// These agents.
    /// - Parameters:
    ///   - aliases: other names of the company's own agents.
    ///   - generator: answers for them with a language model; nil when they answer by rules alone.
    init(_ agents: [any Agent], aliases: [String: String] = [:], generator: Generator? = nil) {
        self.agents = agents
        self.aliases = aliases
        self.generator = generator
    }

    /// How the registry lists them.
    public var profiles: [AgentProfile] { agents.map(\.profile) }

    /// An agent that answers, or nil.
    public func agent(_ name: String) -> (any Agent)? {
        let agent = agents.first { $0.profile.name == name && $0.profile.isEnabled }
        guard let agent, let generator else { return agent }
        return GeneratingAgent(base: agent, generator: generator)
    }

    /// The agents that an author may mention.
    public func visible(to author: MentionAuthor) -> [AgentProfile] {
        profiles.filter { $0.isEnabled && $0.audience.includes(author) }
    }

    /// The names that an author may use.
    public func directory(for author: MentionAuthor) -> MentionDirectory {
        let enabled = profiles.filter(\.isEnabled)
        return MentionDirectory(
            author: author,
            agents: Dictionary(enabled.map { ($0.name, $0.audience) }, uniquingKeysWith: { first, _ in first }),
            aliases: aliases)
    }
}
