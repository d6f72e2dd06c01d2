public import Cache
import JSON
public import Tenancy

/// The agents there are, and who may reach which: the built-in ones, and those that a company defined for itself.
public struct AgentRegistry: Sendable {
    /// Reads what makes a company's agents different from another's.
    public typealias Rows = @Sendable (TenantScope, CacheGenerations?) async throws -> CompanyAgentRows

    private let builtIn: [any Agent]
    private let generator: Generator?
    private let rows: Rows?
    private let make: @Sendable (AgentDefinition, ToolCatalog) -> any Agent
    private let tools: @Sendable (TenantScope, [String]?) async throws -> ToolCatalog

    /// A registry of these agents, in the order in which they are listed.
    /// - Parameters:
    ///   - rows: reads a company's own agents and settings; without it every company has the built-in agents alone.
    ///   - tools: the tools that agents of a company may hold: those of these names, or all.
    ///   - generator: answers for the agents with a language model; nil when all answer by rules alone.
    ///   - make: makes an agent of a definition.
    public init(
        _ agents: [any Agent], rows: Rows? = nil,
        tools: @escaping @Sendable (TenantScope, [String]?) async throws -> ToolCatalog = { _, _ in ToolCatalog([]) },
        generator: Generator? = nil,
        make: @escaping @Sendable (AgentDefinition, ToolCatalog) -> any Agent = { CompanyAgent($0, tools: $1) }
    ) {
        builtIn = agents
        self.rows = rows
        self.tools = tools
        self.generator = generator
        self.make = make
    }

    /// The agents of a company now. Read it once for what belongs together.
    /// - Parameter generations: the company's, when the caller has them from its request; asked for otherwise.
    public func agents(_ scope: TenantScope, generations: CacheGenerations? = nil) async throws -> CompanyAgents {
        guard let rows else { return CompanyAgents(builtIn, generator: generator) }
        let found = try await rows(scope, generations)
        let settings = Dictionary(found.builtIn.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var agents: [any Agent] = builtIn.map { agent in
            settings[agent.profile.name].map { ConfiguredAgent(agent, $0) } ?? agent
        }
        guard !found.own.isEmpty else { return CompanyAgents(agents, generator: generator) }
        let catalog = try await tools(scope, found.own.flatMap(\.content.tools))
        agents += found.own.map { make($0, catalog) }
        let aliases = found.own.filter(\.content.active).flatMap { own in
            own.content.aliases.map { ($0, own.content.name) }
        }
        return CompanyAgents(
            agents, aliases: Dictionary(aliases, uniquingKeysWith: { first, _ in first }), generator: generator)
    }

    /// The agents of a company.
    public func profiles(_ scope: TenantScope) async throws -> [AgentProfile] { try await agents(scope).profiles }

    /// An agent that answers, or nil.
    public func agent(_ name: String, _ scope: TenantScope) async throws -> (any Agent)? {
        try await agents(scope).agent(name)
    }

    /// The agents that an author may mention.
    public func visible(to author: MentionAuthor, _ scope: TenantScope) async throws -> [AgentProfile] {
        try await agents(scope).visible(to: author)
    }

    /// The names that an author may use.
    public func directory(
        for author: MentionAuthor, _ scope: TenantScope, generations: CacheGenerations? = nil
    ) async throws -> MentionDirectory {
        try await agents(scope, generations: generations).directory(for: author)
    }

    /// Whether this is the name of a built-in agent.
    public func isBuiltIn(_ name: String) -> Bool { builtIn.contains { $0.profile.name == name } }

    /// What a company's own agents may be: looks at names and tools before one is stored.
    public func check(for scope: TenantScope) async throws -> AgentStore.Check {
        let catalog = try await tools(scope, nil)
        return { try DefinitionRules.check($0, tools: catalog) }
    }
}
