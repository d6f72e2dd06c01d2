public import Foundation
public import JSON

/// A company's subscription.
public struct Subscription: Sendable, Hashable {
    /// The company's id.
    public let companyId: UUID
    /// What it pays for.
    public let plan: SubscriptionPlan
    /// How it stands.
    public let status: SubscriptionStatus
    /// What follows from both.
    public let limits: PlanLimits
    /// When it began.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Subscription: JSONEncodable {
    /// Writes the subscription as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("companyId", companyId)
            $0.field("plan", plan.rawValue)
            $0.field("status", status.rawValue)
            $0.field("limits", limits)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
