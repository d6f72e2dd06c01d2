import Tenancy

/// A built-in agent as one company set it: switched off, or with a model and instructions of its own.
struct ConfiguredAgent: Agent {
    let profile: AgentProfile
    private let base: any Agent

    var tools: [any Tool] { base.tools }

    init(_ base: any Agent, _ settings: BuiltInSettings) {
        self.base = base
        var profile = base.profile
        profile.isEnabled = profile.isEnabled && settings.active
        profile.model = settings.model
        profile.instructions = settings.instructions
        profile.temperature = settings.temperature
        profile.version = settings.version
        self.profile = profile
    }

    /// The built-in agent's, and what the company adds to it.
    var guidance: AgentGuidance {
        let own = base.guidance
        let added = [own.instructions, profile.instructions].filter { !$0.isEmpty }
        return AgentGuidance(
            instructions: added.joined(separator: "\n\n"), temperature: profile.temperature ?? own.temperature,
            maximumTokens: own.maximumTokens, maximumSteps: own.maximumSteps)
    }

    func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? { try await base.exactAnswer(turn) }

    func answer(_ turn: AgentTurn) async throws -> AgentAnswer { try await base.answer(turn) }

    func completed(_ answer: AgentAnswer, _ turn: AgentTurn) -> AgentAnswer { base.completed(answer, turn) }
}
