public import Foundation
public import JSON

/// A tenant.
public struct Company: Sendable, Hashable {
    /// The company's id.
    public let id: UUID
    /// The name to show.
    public let name: String
    /// What it does.
    public let industry: String?
    /// How its agents should sound.
    public let brandPersonality: String?
    /// Whether it serves customers; when not, API keys and widgets are refused.
    public let active: Bool
    /// The plan it is on.
    public let subscriptionPlan: SubscriptionPlan
    /// How the subscription stands.
    public let subscriptionStatus: SubscriptionStatus
    /// The publishable key for the web chat, `sb_pub_…`.
    public let widgetKey: String
    /// Settings: `widgetAgent`, `widget`, and whatever else the company keeps there.
    public let settings: CompanySettings
    /// When it was created.
    public let createdAt: Date
    /// When the row last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Company: JSONEncodable {
    /// Writes the company as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("name", name)
            $0.field("industry", industry)
            $0.field("brandPersonality", brandPersonality)
            $0.field("active", active)
            $0.field("subscriptionPlan", subscriptionPlan.rawValue)
            $0.field("subscriptionStatus", subscriptionStatus.rawValue)
            $0.field("widgetKey", widgetKey)
            $0.field("settings", settings.object)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
