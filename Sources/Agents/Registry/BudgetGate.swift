import Foundation
public import Tenancy

/// Says whether language models may be asked for a company, by its monthly budget.
public struct BudgetGate: Sendable {
    /// What to do with a turn.
    public enum Verdict: Sendable, Hashable {
        /// Models may be asked.
        case open
        /// Models may be asked; 80 % of the budget is used.
        case warning
        /// Answer by rules alone; what these cannot answer goes to a person where customers are served.
        case deterministic
        /// Pass customers on to people; answer members by rules.
        case handoff
    }

    private let usage: UsageStore
    private let now: @Sendable () -> Date

    /// A gate on the usage that is counted.
    public init(_ usage: UsageStore, now: @escaping @Sendable () -> Date = { Date() }) {
        self.usage = usage
        self.now = now
    }

    /// Asked right before a turn asks its model. Turns that run at the same moment may overshoot a budget by what each
    /// of them takes.
    /// - Parameter scope: the company's own work.
    /// - Throws: `PostgresError`; a company without a budget costs no query.
    public func verdict(_ scope: TenantScope, company: Company) async throws -> Verdict {
        let budget = company.settings.budget
        guard budget.isLimited else { return .open }
        let today = UsageDay(now())
        let month = try await usage.total(scope, from: today.firstOfMonth, to: today)
        switch budget.state(after: month) {
        case .open: return .open
        case .warning: return .warning
        case .exhausted: return budget.action == .handoff ? .handoff : .deterministic
        }
    }
}
