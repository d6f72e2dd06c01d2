/// What a company pays for.
public enum SubscriptionPlan: String, Sendable, Hashable, CaseIterable {
    /// To try it out.
    case free
    /// For a small company.
    case pro
    /// For a large one.
    case business
}

/// How a subscription stands.
public enum SubscriptionStatus: String, Sendable, Hashable, CaseIterable {
    /// Paid, or free.
    case active
    /// Being tried out.
    case trialing
    /// A payment is missing.
    case pastDue = "past_due"
    /// Ended; the limits of the free plan apply.
    case cancelled
}
