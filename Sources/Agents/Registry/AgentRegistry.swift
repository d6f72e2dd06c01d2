public import Tenancy

/// The agents there are, and who may reach which.
public struct AgentRegistry: Sendable {
    private let agents: [any Agent]

    /// A registry of these agents, in the order in which they are listed.
    public init(_ agents: [any Agent]) { self.agents = agents }

    /// The agents of a company.
    public func profiles(_ scope: TenantScope) async throws -> [AgentProfile] { agents.map(\.profile) }

    /// An agent that answers, or nil.
    public func agent(_ name: String, _ scope: TenantScope) async throws -> (any Agent)? {
        agents.first { $0.profile.name == name && $0.profile.isEnabled }
    }

    /// The agents that an author may mention.
    public func visible(to author: MentionAuthor, _ scope: TenantScope) async throws -> [AgentProfile] {
        try await profiles(scope).filter { $0.isEnabled && $0.audience.includes(author) }
    }

    /// The names that an author may use.
    public func directory(for author: MentionAuthor, _ scope: TenantScope) async throws -> MentionDirectory {
        let enabled = try await profiles(scope).filter(\.isEnabled)
        return MentionDirectory(
            author: author,
            agents: Dictionary(enabled.map { ($0.name, $0.audience) }, uniquingKeysWith: { first, _ in first }))
    }
}
