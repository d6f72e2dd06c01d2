public import Foundation
public import JSON

/// An agent that a company defined for itself.
public struct AgentDefinition: Sendable, Hashable {
    /// Its id.
    public let id: UUID
    /// Everything a caller says about it. In ``CompanyAgentRows`` without its questions, which are searched where they
    /// lie.
    public let content: AgentDraft
    /// When it was defined.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

/// What a company sets of a built-in agent.
public struct BuiltInSettings: Sendable, Hashable {
    /// The agent's name.
    public let name: String
    /// Whether it answers.
    public let active: Bool
    /// What it is told beside its own instructions, when a model answers.
    public let instructions: String
    /// The language model it asks for; `nil` for the company's.
    public let model: String?
    /// 0 to 1; `nil` for the model's own.
    public let temperature: Double?
    /// Counts changes; the `ETag`. 0 while nothing was set.
    public let version: Int

    /// Settings.
    public init(
        name: String, active: Bool = true, instructions: String = "", model: String? = nil,
        temperature: Double? = nil, version: Int = 0
    ) {
        self.name = name
        self.active = active
        self.instructions = instructions
        self.model = model
        self.temperature = temperature
        self.version = version
    }
}

/// All that makes one company's agents different from another's, read and cached as one.
public struct CompanyAgentRows: Sendable, Hashable {
    /// The company's own agents, by name.
    public var own: [AgentDefinition]
    /// What it set of built-in ones.
    public var builtIn: [BuiltInSettings]

    /// These rows.
    public init(own: [AgentDefinition] = [], builtIn: [BuiltInSettings] = []) {
        self.own = own
        self.builtIn = builtIn
    }
}

/// What an agent was before it was changed.
public struct AgentVersion: Sendable, Hashable {
    /// The version that it had.
    public let version: Int
    /// What it was.
    public let content: AgentDraft
    /// When it was replaced.
    public let replacedAt: Date
}

extension AgentVersion: JSONEncodable {
    /// Writes `{version, replacedAt, agent}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("version", version)
            $0.field("replacedAt", replacedAt)
            $0.field("agent", content)
        }
    }
}
