public import Conversations
public import Foundation
import JSON
public import LanguageModels
public import Logging
public import Tenancy

/// Sums up what no longer fits into the prompts of a conversation, with the company's own model.
///
/// One process at a time writes a conversation's summary. A failure, a spent budget or a process that dies leaves the
/// summary as it was, and the prompt its window; the next answer of a model in the conversation tries again.
public struct SummaryWriter: Sendable {
    /// Pieces that are summed up one after the other for one answer.
    private static let rounds = 3
    /// How long one call of the model may take.
    private static let time = Duration.seconds(30)

    private let client: ModelClient
    private let profiles: ModelProfileSource<TenantScope>
    private let conversations: ConversationStore
    private let budget: @Sendable (TenantScope) async throws -> BudgetGate.Verdict
    private let count: @Sendable (TenantScope, UsageShare) async throws -> Void
    private let logger: Logger

    /// A writer.
    /// - Parameters:
    ///   - budget: what the company's budget says about asking a model now.
    ///   - count: counts what a call took.
    public init(
        client: ModelClient, profiles: ModelProfileSource<TenantScope>, conversations: ConversationStore,
        budget: @escaping @Sendable (TenantScope) async throws -> BudgetGate.Verdict,
        count: @escaping @Sendable (TenantScope, UsageShare) async throws -> Void, logger: Logger
    ) {
        self.client = client
        self.profiles = profiles
        self.conversations = conversations
        self.budget = budget
        self.count = count
        self.logger = logger
    }

    /// Brings the summary of a conversation up to date when it has outgrown its window.
    /// - Parameter agent: who answered there, and is counted as having used the model.
    /// - Returns: whether a summary was stored.
    /// - Throws: `NotFound` when the conversation is gone, `MongoError`, `PostgresError`, ``ModelError``,
    ///   `CancellationError`.
    @discardableResult
    public func update(_ conversationId: UUID, of companyId: UUID, agent: String) async throws -> Bool {
        let scope = TenantScope.forJob(companyId: companyId)
        let conversation = try await conversations.conversation(conversationId, in: scope)
        let known = try await conversations.summaries.summary(of: conversationId, scope)
        guard try await !next(conversation, after: known, scope).chosen.isEmpty,
            let profile = try await profiles.profile(for: scope, agent: agent), client.isUsable(profile)
        else { return false }
        switch try await budget(scope) {
        case .open, .warning: break
        case .deterministic, .handoff: return false
        }
        guard let claim = try await conversations.summaries.claim(conversationId, scope) else { return false }
        do {
            let isStored = try await write(conversation, claim, profile, agent, scope)
            try await conversations.summaries.release(claim)
            return isStored
        } catch {
            try? await conversations.summaries.release(claim)
            throw error
        }
    }

    private func write(
        _ conversation: Conversation, _ claim: SummaryClaim, _ profile: ModelProfile, _ agent: String,
        _ scope: TenantScope
    ) async throws -> Bool {
        var summary = claim.summary
        for round in 0..<Self.rounds {
            let readAt = Date().inMilliseconds
            let chosen = try await next(conversation, after: summary, scope).chosen
            guard let last = chosen.last else { return round > 0 }
            let earlier = current(summary, conversation)
            let text = try await ask(earlier?.text, chosen, profile, agent, conversation, scope)
            let labels = ContentLabels(
                isPrivate: (earlier?.labels.isPrivate ?? false)
                    || chosen.contains { !$0.knownLabels.mayHoldExternal && $0.knownLabels.isPrivate })
            let new = ConversationSummary(
                // What the model must not write is not asked for again: the notes stay as they were.
                after: boundary(conversation), seq: last.seq, text: text ?? earlier?.text ?? "", labels: labels,
                readAt: min(readAt, earlier?.readAt ?? readAt))
            guard try await conversations.summaries.keep(new, claim) else { return round > 0 }
            summary = new
        }
        return true
    }

    private func boundary(_ conversation: Conversation) -> Int { conversation.control.boundarySeq ?? 0 }

    /// The summary when it begins where the agent's part does.
    private func current(_ summary: ConversationSummary?, _ conversation: Conversation) -> ConversationSummary? {
        summary.flatMap { $0.after == boundary(conversation) ? $0 : nil }
    }

    private func next(
        _ conversation: Conversation, after summary: ConversationSummary?, _ scope: TenantScope
    ) async throws -> SummaryPlan {
        // What is too far back when a conversation gets its first summary is left out.
        let place = max(
            current(summary, conversation)?.seq ?? boundary(conversation), conversation.messageCount - SummaryPlan.reach
        )
        return SummaryPlan(
            try await conversations.messages(
                of: conversation.id, at: .after(place), limit: SummaryPlan.reach, in: scope
            ).messages)
    }

    /// What the model writes; nil when it must not be kept.
    private func ask(
        _ earlier: String?, _ messages: [Message], _ profile: ModelProfile, _ agent: String,
        _ conversation: Conversation, _ scope: TenantScope
    ) async throws -> String? {
        let request = SummaryPrompt.request(earlier, messages)
        let answer = try await withTimeLimit(Self.time) {
            try await client.answer(request, of: profile, model: profile.model, allowance: RetryAllowance(1))
        }
        try await count(
            scope,
            UsageShare(
                agent: agent, channel: conversation.platform.rawValue, tokensIn: Int64(answer.usage.promptTokens),
                tokensOut: Int64(answer.usage.completionTokens), costMicros: profile.prices.cost(of: answer.usage)))
        let text = SummaryText.checked(
            answer.text, isCut: answer.finish == .length, tokens: PromptAssembly.summaryTokens)
        if text == nil {
            logger.notice("a model's summary is not used", metadata: ["conversation": "\(conversation.id.lowercased)"])
        }
        return text
    }
}
