import Foundation
import JSON
import Tenancy

/// An agent that a company defined for itself. Without a model it answers by its keyword rules and its questions,
/// helps, and calls a person.
public struct CompanyAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// The tools its definition lists, as far as they exist and fit whom it serves, and those every such agent has:
    /// `faq_search` and `handoff_to_human`.
    public let tools: [any Tool]
    private let rules: [KeywordRule]

    /// The tools that no definition has to list.
    static let ownTools = ["faq_search", "handoff_to_human"]

    /// The agent of a definition.
    public init(_ definition: AgentDefinition, tools catalog: ToolCatalog) {
        let content = definition.content
        let audience = AgentAudience(rawValue: content.audience.rawValue) ?? .internal
        let names = Self.ownTools + content.tools.filter { !Self.ownTools.contains($0) }
        let found: [any Tool] = names.compactMap { name in
            guard let tool = catalog.tool(name) else { return nil }
            // Checked when it was saved; a tool may have changed since.
            guard audience == .internal || tool.effect.isAllowedForCustomers else { return nil }
            return (tool as? FAQSearchTool)?.scoped(to: definition.id) ?? tool
        }
        tools = found
        rules = content.rules
        var profile = AgentProfile(
            name: content.name, description: content.description ?? "", kind: .company, audience: audience,
            isEnabled: content.active, model: content.model, tools: content.tools)
        profile.instructions = content.instructions
        profile.temperature = content.temperature
        profile.version = definition.version
        profile.definitionId = definition.id
        self.profile = profile
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        let text = FoldedText(turn.instruction)
        if let question = turn.memory.pending, question.isOpen(at: turn.now), question.skill == BookingForm.skill {
            if SalesIntent.read(text).intent != .human,
                let answer = try await BookingTurn(turn, question.language)?.resume(question, text)
            {
                return answer
            }
        } else if let question = turn.memory.pending, question.isOpen(at: turn.now),
            let reply = PendingReply.read(text, for: question)
        {
            return CompanyAgentTurn(profile, rules, turn, question.language).resume(question, reply)
        }
        return try await CompanyAgentTurn(profile, rules, turn, turn.language(nil)).answer(text)
    }

    /// What the company tells it.
    public var guidance: AgentGuidance {
        let standard = AgentGuidance.builtIn(profile.name)
        return AgentGuidance(
            instructions: profile.instructions.isEmpty ? standard.instructions : profile.instructions,
            temperature: profile.temperature ?? standard.temperature)
    }

    /// The answer to a question that it asked.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        let text = FoldedText(turn.instruction)
        guard let question = turn.memory.pending, question.isOpen(at: turn.now) else { return nil }
        if question.skill == BookingForm.skill {
            return try await BookingTurn(turn, question.language)?.resume(question, text)
        }
        return PendingReply.read(text, for: question) == nil ? nil : try await answer(turn)
    }
}
