public import Foundation
public import JSON

/// An agent as the registry lists it.
public struct AgentProfile: Sendable, Hashable {
    /// Where an agent comes from.
    public enum Kind: String, Sendable, Hashable {
        /// Part of Switchboard.
        case builtIn = "built_in"
        /// Defined by the company.
        case company
    }

    /// The name it is mentioned by, without the at sign.
    public var name: String
    /// What it does, at most 300 characters.
    public var description: String
    /// Where it comes from.
    public var kind: Kind
    /// Whom it serves.
    public var audience: AgentAudience
    /// Whether it answers.
    public var isEnabled: Bool
    /// The language model it uses; nil for none.
    public var model: String?
    /// The names of its tools.
    public var tools: [String]
    /// One thing to say to it, per language.
    public var examples: [Language: String]
    /// Words that hint at it, for suggestions.
    public var keywords: Set<String>
    /// What the company tells it, for a model; at most 8,000 characters.
    public var instructions = ""
    /// From 0 to 1, for a model; nil for the model's own.
    public var temperature: Double?
    /// Counts changes of its definition; a turn is logged with the one it ran with.
    public var version = 0
    /// The id of a company's own agent.
    public var definitionId: UUID?

    /// A profile.
    public init(
        name: String, description: String, kind: Kind = .builtIn, audience: AgentAudience, isEnabled: Bool = true,
        model: String? = nil, tools: [String] = [], examples: [Language: String] = [:], keywords: Set<String> = []
    ) {
        self.name = name
        self.description = description
        self.kind = kind
        self.audience = audience
        self.isEnabled = isEnabled
        self.model = model
        self.tools = tools
        self.examples = examples
        self.keywords = keywords
    }
}

extension AgentProfile: JSONEncodable {
    /// Writes `{name, description, kind, audience, enabled, model, tools}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("name", name)
            $0.field("description", description)
            $0.field("kind", kind.rawValue)
            $0.field("audience", audience.rawValue)
            $0.field("enabled", isEnabled)
            $0.field("model", model)
            $0.field("tools", tools)
        }
    }
}
