public import Foundation
public import JSON
import Postgres

/// A company's program that is told of events, without its secret.
public struct Webhook: Sendable, Hashable {
    /// The most webhooks of a company.
    public static let limit = 20

    /// The webhook's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// Where events are sent.
    public let url: String
    /// What it is told of.
    public let events: [String]
    /// What it is for, in the company's words.
    public let description: String?
    /// Whether it is told of what happens.
    public let active: Bool
    /// Why the server switched it off.
    public let disabledReason: String?
    /// Since when nothing could be delivered.
    public let failingSince: Date?
    /// When something was delivered last.
    public let deliveredAt: Date?
    /// Counts people's changes; the `ETag`.
    public let version: Int
    /// When it was made.
    public let createdAt: Date
    /// When people last changed it.
    public let updatedAt: Date

    static let columns: SQL = """
        id, company_id, url, events, description, active, disabled_reason, failing_since, delivered_at, version,
        created_at, updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), url: try row.get("url"),
            events: try row.get("events"), description: try row.get("description"), active: try row.get("active"),
            disabledReason: try row.get("disabled_reason"), failingSince: try row.get("failing_since"),
            deliveredAt: try row.get("delivered_at"), version: try row.get("version"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"))
    }

    private init(
        id: UUID, companyId: UUID, url: String, events: [String], description: String?, active: Bool,
        disabledReason: String?, failingSince: Date?, deliveredAt: Date?, version: Int, createdAt: Date,
        updatedAt: Date
    ) {
        self.id = id
        self.companyId = companyId
        self.url = url
        self.events = events
        self.description = description
        self.active = active
        self.disabledReason = disabledReason
        self.failingSince = failingSince
        self.deliveredAt = deliveredAt
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension Webhook: JSONEncodable {
    /// Writes the webhook as the API shows it.
    public func encode(into writer: inout JSONWriter) { writer.object { fields(into: &$0) } }

    func fields(into writer: inout JSONWriter) {
        writer.field("id", id)
        writer.field("companyId", companyId)
        writer.field("url", url)
        writer.field("events", events)
        writer.field("description", description)
        writer.field("active", active)
        writer.field("disabledReason", disabledReason)
        writer.field("failingSince", failingSince)
        writer.field("deliveredAt", deliveredAt)
        writer.field("createdAt", createdAt)
        writer.field("updatedAt", updatedAt)
    }
}

/// A webhook that was just made, with the secret that is shown once.
public struct NewWebhook: Sendable, JSONEncodable {
    /// The webhook as it is stored.
    public let webhook: Webhook
    /// What its messages are signed with, `whsec_…`.
    public let secret: String

    /// Writes the webhook with its secret.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            webhook.fields(into: &$0)
            $0.field("secret", secret)
        }
    }
}
