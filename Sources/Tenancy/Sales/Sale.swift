public import Foundation
public import JSON

/// One thing sold to one customer.
public struct Sale: Sendable, Hashable {
    /// How far the sale is.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Agreed, not paid.
        case pending
        /// Paid.
        case paid
        /// Called off before it was paid.
        case cancelled
        /// Paid back.
        case refunded
    }

    /// The sale's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// Who bought.
    public let customerId: UUID
    /// What was bought; `nil` once the product was deleted.
    public let productId: UUID?
    /// How many.
    public let quantity: Int64
    /// What it costs in all, in the currency's hundredths.
    public let amountCents: Int64
    /// ISO 4217.
    public let currency: String
    /// How far it is.
    public let status: Status
    /// The conversation it came from.
    public let conversationId: UUID?
    /// Free JSON.
    public let metadata: JSONObject
    /// When it was recorded.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Sale: JSONEncodable {
    /// Writes the sale as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("companyId", companyId)
            $0.field("customerId", customerId)
            $0.field("productId", productId)
            $0.field("quantity", quantity)
            $0.field("amountCents", amountCents)
            $0.field("currency", currency)
            $0.field("status", status.rawValue)
            $0.field("conversationId", conversationId)
            $0.field("metadata", metadata)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
