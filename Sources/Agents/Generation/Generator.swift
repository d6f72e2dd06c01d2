import Conversations
import Crypto
import Foundation
import JSON
import LanguageModels
import Logging
import Tenancy

/// Lets agents answer with a language model where there is one, and by their skills where there is none or it fails.
///
/// The ladder: what an agent's grammar understands exactly → the profile's model → its fallback model → the agent's
/// skills on the same instruction. Whoever waits gets an answer from the highest rung that holds.
public struct Generator: Sendable {
    private let client: ModelClient
    private let profiles: ModelProfileSource<TenantScope>
    private let context: GenerationContext
    private let configuration: GenerationConfiguration
    private let logger: Logger

    /// A generator.
    public init(
        client: ModelClient, profiles: ModelProfileSource<TenantScope>, context: GenerationContext,
        configuration: GenerationConfiguration = GenerationConfiguration(), logger: Logger
    ) {
        self.client = client
        self.profiles = profiles
        self.context = context
        self.configuration = configuration
        self.logger = logger
    }

    /// Answers for an agent.
    public func answer(_ turn: AgentTurn, for agent: any Agent) async throws -> AgentAnswer {
        guard let profile = try await profile(turn, agent) else { return try await agent.answer(turn) }
        if let exact = try await agent.exactAnswer(turn) { return exact }
        switch try await context.budget(turn.tools.scope.tenant) {
        case .open, .warning: break
        case .handoff where turn.author.kind == .customer: return Self.personCalled(turn)
        case .deterministic, .handoff: return try await agent.answer(turn)
        }
        let meter = UsageMeter()
        let draft = try await draftAndAnswer(turn, agent, profile, meter)
        if let answer = draft { return answer }
        var answer = try await agent.answer(turn)
        answer.isFallback = true
        answer.usage = meter.total?.usage
        answer.model = meter.total?.model
        return answer
    }

    /// The profile to use; nil when there is none, when it is left alone for a while, or when there is no time left.
    private func profile(_ turn: AgentTurn, _ agent: any Agent) async throws -> ModelProfile? {
        guard turn.mayAskModel, ContinuousClock.now + configuration.reserve < turn.deadline else { return nil }
        do {
            let profile = try await profiles.profile(for: turn.tools.scope.tenant, agent: agent.profile.name)
            return profile.map { $0.serving(agent.profile.model) }.flatMap { client.isUsable($0) ? $0 : nil }
        } catch {
            try Task.checkCancellation()
            logger.warning("a model's profile could not be read", metadata: ["error": "\(describe(error))"])
            return nil
        }
    }

    /// The answer of the profile's models; nil when they fail and the skills are to answer.
    private func draftAndAnswer(
        _ turn: AgentTurn, _ agent: any Agent, _ profile: ModelProfile, _ meter: UsageMeter
    ) async throws -> AgentAnswer? {
        let company = try await context.company(turn.tools.scope.tenant)
        let limit = Self.characters(turn.conversation.platform, configuration.maximumCharacters)
        let prompt = PromptAssembly.messages(
            try await PromptReading(
                context: context, agent: agent, turn: turn, company: company, maximumCharacters: limit
            ).input())
        let checks: @Sendable () -> OutputChecks = { Self.checks(turn, company, limit) }
        let draft = DraftWriter(
            { text in
                let checks = checks()
                let clean = checks.clean(text)
                return checks.fault(in: clean, isWhole: false) == nil ? clean : nil
            }, send: turn.onDraft)
        let allowance = RetryAllowance(configuration.extraAttempts)
        for model in profile.models {
            let left = turn.deadline - configuration.reserve - .now
            guard left > .zero else { break }
            let loop = ModelLoop(
                client: client, profile: profile, model: model, guidance: agent.guidance, turn: turn, draft: draft,
                checks: checks, allowance: allowance, meter: meter, cacheKey: Self.cacheKey(turn, agent))
            do {
                let outcome = try await withTimeLimit(left) { try await loop.run(prompt) }
                // No tool that reads private things is offered there; this is the second lock.
                guard turn.tools.taint.mayReachCustomer || !turn.tools.scope.isReadByCustomer else { break }
                return answer(outcome, turn, agent, meter)
            } catch {
                draft.reset()
                try Task.checkCancellation()
                if isPassing(error) { throw error }
                logger.notice(
                    "a model's answer is not used",
                    metadata: [
                        "agent": "\(agent.profile.name)", "model": "\(model)", "turn": "\(turn.turnId.lowercased)",
                        "reason": "\(Self.reason(error))",
                    ])
                if error is ModelLoop.Refused || error is TurnFailure { break }
            }
        }
        return nil
    }

    private func answer(
        _ outcome: ModelLoop.Outcome, _ turn: AgentTurn, _ agent: any Agent, _ meter: UsageMeter
    ) -> AgentAnswer {
        var answer: AgentAnswer
        if outcome.wantsPerson {
            answer = Self.personCalled(turn)
        } else {
            var memory = turn.memory
            memory.pending = nil
            memory.misses = 0
            let confidence = outcome.isForced ? 0.4 : outcome.isGrounded ? 0.9 : 0.6
            answer = AgentAnswer(outcome.text, memory: memory, confidence: confidence)
            answer.skill = "model"
            answer = agent.completed(answer, turn)
        }
        answer.mode = .llm
        answer.model = outcome.model
        answer.usage = meter.total?.usage
        return answer
    }

    /// The notice is ours: what a model says about people who will come is not relied on.
    private static func personCalled(_ turn: AgentTurn) -> AgentAnswer {
        var memory = turn.memory
        memory.pending = nil
        let text = SystemNotice.personCalled.text(turn.language(nil))
        var answer = AgentAnswer(text, memory: memory, confidence: 0, wantsPerson: true)
        answer.skill = "handoff"
        return answer
    }

    private static func checks(_ turn: AgentTurn, _ company: Company, _ limit: Int) -> OutputChecks {
        OutputChecks(
            links: LinkPolicy.rule(for: turn.tools.taint, company: company, results: turn.tools.results),
            forbidden: turn.voice.forbiddenWords, languages: turn.voice.languages,
            results: turn.tools.results, said: turn.trigger.content, maximumCharacters: limit,
            checksStock: turn.tools.holds("stock_check"), times: TimeGrounding(turn))
    }

    private static func characters(_ platform: Platform, _ standard: Int) -> Int {
        platform == .whatsapp ? min(standard, 4_096) : standard
    }

    /// The same for all turns of a company's agent, and telling nobody which company it is.
    private static func cacheKey(_ turn: AgentTurn, _ agent: any Agent) -> String {
        let text = "switchboard cache \(turn.tools.scope.tenant.companyId.lowercased) \(agent.profile.name)"
        return SHA256.hash(data: Array(text.utf8)).prefix(16).hex
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as ModelError: error.description
        case let error as ModelLoop.Refused: error.fault.name
        default: describe(error)
        }
    }
}
