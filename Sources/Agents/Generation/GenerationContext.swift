public import Conversations
import JSON
import Tenancy

/// Reads what a prompt needs beside the turn itself; each call in bounded time, and of the turn's company only.
public struct GenerationContext: Sendable {
    /// The company.
    public var company: @Sendable (TenantScope) async throws -> Company
    /// What the company's budget says about asking a model now.
    public var budget: @Sendable (TenantScope) async throws -> BudgetGate.Verdict
    /// The last messages before the one that started the turn.
    public var window: @Sendable (AgentTurn) async throws -> PromptWindow
    /// What the turn's author had remembered, the best fit for the instruction first.
    public var facts: @Sendable (AgentTurn) async throws -> [String]
    /// What was said in the conversation before the messages that are shown; nil for nothing.
    public var summary: @Sendable (AgentTurn) async throws -> ConversationSummary?
    /// What the agent keeps about the turn's author.
    public var state: @Sendable (AgentTurn, _ agent: String) async throws -> JSONObject

    /// Readers.
    public init(
        company: @escaping @Sendable (TenantScope) async throws -> Company,
        budget: @escaping @Sendable (TenantScope) async throws -> BudgetGate.Verdict = { _ in .open },
        window: @escaping @Sendable (AgentTurn) async throws -> PromptWindow = { _ in PromptWindow() },
        facts: @escaping @Sendable (AgentTurn) async throws -> [String] = { _ in [] },
        summary: @escaping @Sendable (AgentTurn) async throws -> ConversationSummary? = { _ in nil },
        state: @escaping @Sendable (AgentTurn, _ agent: String) async throws -> JSONObject = { _, _ in [:] }
    ) {
        self.company = company
        self.budget = budget
        self.window = window
        self.facts = facts
        self.summary = summary
        self.state = state
    }

    /// Readers on the stores.
    public init(
        company: @escaping @Sendable (TenantScope) async throws -> Company, conversations: ConversationStore,
        memories: MemoryStore, states: AgentStateStore, budgets: BudgetGate
    ) {
        self.init(
            company: company,
            budget: { try await budgets.verdict($0, company: try await company($0)) },
            window: { turn in try await PromptWindow(before: turn, in: conversations) },
            facts: { turn in
                guard let subject = turn.author.subject else { return [] }
                return try await memories.facts(
                    turn.tools.scope.tenant, for: String(turn.instruction.prefix(500)), subject: subject,
                    limit: PromptAssembly.facts
                ).map(\.text)
            },
            summary: { turn in
                // What is shorter has none, so that most turns ask for nothing.
                let boundary = turn.conversation.control.boundarySeq ?? 0
                guard turn.trigger.seq - boundary > SummaryPlan.fewest else { return nil }
                return try await conversations.summaries.summary(of: turn.conversation.id, turn.tools.scope.tenant)
            },
            state: { turn, agent in
                guard let subject = turn.author.subject else { return [:] }
                return try await states.find(turn.tools.scope.tenant, agent: agent, subject: subject)?.state ?? [:]
            })
    }
}
