/// An agent that answers with a language model where there is one, and else as it always did.
struct GeneratingAgent: Agent {
    let base: any Agent
    let generator: Generator

    var profile: AgentProfile { base.profile }
    var tools: [any Tool] { base.tools }
    var guidance: AgentGuidance { base.guidance }

    func answer(_ turn: AgentTurn) async throws -> AgentAnswer { try await generator.answer(turn, for: base) }

    func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? { try await base.exactAnswer(turn) }
}
