import Agents
import JSON
import Tenancy

/// One agent with all that the company may change of it.
struct AgentView: JSONEncodable {
    private let profile: AgentProfile
    private let definition: AgentDefinition?

    /// A built-in agent as the company set it.
    init(builtIn profile: AgentProfile) {
        self.profile = profile
        definition = nil
    }

    /// An agent of the company's own.
    init(_ definition: AgentDefinition) {
        profile = CompanyAgent(definition, tools: ToolCatalog([])).profile
        self.definition = definition
    }

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", profile.name)
            writer.field("description", profile.description)
            writer.field("kind", profile.kind.rawValue)
            writer.field("audience", profile.audience.rawValue)
            writer.field("enabled", profile.isEnabled)
            writer.field("active", profile.isEnabled)
            writer.field("model", profile.model)
            writer.field("temperature", profile.temperature)
            writer.field("tools", profile.tools)
            writer.field("instructions", profile.instructions)
            writer.field("version", profile.version)
            guard let definition else { return }
            writer.field("aliases", definition.content.aliases)
            writer.field("rules", definition.content.rules)
            writer.field("faqs", definition.content.faqs)
            writer.field("createdAt", definition.createdAt)
            writer.field("updatedAt", definition.updatedAt)
        }
    }
}
