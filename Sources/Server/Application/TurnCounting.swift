import Agents
import Cache
import Conversations
import Crypto
import Foundation
import JSON
import Tenancy

/// Counts what each author asks of agents, on all processes together; while Redis is away each process counts alone.
struct TurnCounting: Sendable {
    /// Times that a model answers the same text of one author in one conversation within ``sameWindow``.
    static let same = 3
    static let sameWindow = Duration.seconds(60)
    private static let hour = Duration.seconds(3_600)

    let limiter: RateLimiter
    let company: @Sendable (TenantScope) async throws -> Company
    let perCustomer: TurnFigures
    let perMember: TurnFigures

    /// The limits for the runner of turns.
    var limits: TurnLimits { TurnLimits { await verdict($0) } }

    private func verdict(_ question: TurnLimits.Question) async -> TurnLimits.Verdict {
        guard let (figure, subject) = Self.subject(question) else { return .open }
        let settings = try? await company(.forJob(companyId: question.companyId)).settings
        let figures = figure == .customer ? perCustomer : perMember
        let count = settings?.turnsPerHour(figure) ?? figures.all
        async let mayAskModel = isAllowed(
            "turn-model-\(figure.rawValue)", subject, RateLimit(limit: figures.model, window: Self.hour), question)
        async let isSame = isAllowed(
            "turn-same", Self.text(question, subject), RateLimit(limit: Self.same, window: Self.sameWindow), question)
        guard
            await isAllowed(
                "turn-\(figure.rawValue)", subject, RateLimit(limit: count, window: Self.hour), question)
        else {
            let isFirst = await isAllowed(
                "turn-notice", "\(subject) \(question.conversationId.lowercased)",
                RateLimit(limit: 1, window: Self.hour), question)
            return .exhausted(isTold: !isFirst)
        }
        let (isRare, isNew) = await (mayAskModel, isSame)
        return isRare && isNew ? .open : .withoutModel
    }

    private func isAllowed(
        _ name: String, _ subject: String, _ limit: RateLimit, _ question: TurnLimits.Question
    ) async -> Bool {
        await limiter.check(
            companyId: question.companyId, limits: [RateLimitRequest(name: name, subject: subject, limit: limit)]
        ).isAllowed
    }

    /// Whom a turn is counted for; nobody for a program, which has the limits of its key.
    private static func subject(_ question: TurnLimits.Question) -> (CompanySettings.TurnFigure, String)? {
        switch question.author {
        case .user(let id): (.member, id.lowercased)
        case .customer(let id): (.customer, (id ?? question.conversationId).lowercased)
        case .program: nil
        }
    }

    private static func text(_ question: TurnLimits.Question, _ subject: String) -> String {
        let text = "\(question.conversationId.lowercased) \(subject) \(question.content)"
        return SHA256.hash(data: Array(text.utf8)).prefix(16).hex
    }
}
