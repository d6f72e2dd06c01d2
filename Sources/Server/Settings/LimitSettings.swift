import Tenancy

/// Requests that plans allow, and what protects sign-in and strangers' requests.
public struct LimitSettings: Sendable {
    /// What each plan allows; every figure can be set by `LIMIT_<PLAN>_<FIGURE>`.
    public var plans: PlanTable
    /// Requests a minute from one address without a valid token.
    public var addressPerMinute: Int
    /// Webhooks a minute from one address of a provider's.
    public var webhookPerMinute: Int
    /// Sign-ins and sign-ups a minute from one address.
    public var signInPerAddressPerMinute: Int
    /// Sign-ins a minute to one account.
    public var signInPerAccountPerMinute: Int

    init(_ settings: inout SettingsReader) {
        var figures: [SubscriptionPlan: [PlanFigure: Int]] = [:]
        for plan in SubscriptionPlan.allCases {
            for figure in PlanFigure.allCases {
                let key = "limit.\(plan.rawValue).\(Self.words(figure.rawValue))"
                let standard = PlanTable.standard.limits(plan)[figure]
                figures[plan, default: [:]][figure] = settings.integer(key, default: standard, in: 0...1_000_000_000)
            }
        }
        let chosen = figures
        plans = PlanTable { plan, figure in chosen[plan]?[figure] }
        addressPerMinute = settings.integer("limit.address", default: 600, in: 1...10_000_000)
        webhookPerMinute = settings.integer("limit.webhook.address", default: 6_000, in: 1...10_000_000)
        signInPerAddressPerMinute = settings.integer("limit.signin.address", default: 60, in: 1...10_000_000)
        signInPerAccountPerMinute = settings.integer("limit.signin.account", default: 10, in: 1...10_000_000)
    }

    /// `requestsPerMinute` as `requests.per.minute`.
    private static func words(_ name: String) -> String {
        name.map { $0.isUppercase ? ".\($0.lowercased())" : String($0) }.joined()
    }
}
