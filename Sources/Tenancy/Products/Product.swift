public import Foundation
public import JSON

/// Something a company sells.
public struct Product: Sendable, Hashable {
    /// The product's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// The name to show.
    public let name: String
    /// What it is.
    public let description: String?
    /// The company's own number for it; unique in the company.
    public let sku: String?
    /// The price in the currency's hundredths.
    public let priceCents: Int64
    /// ISO 4217.
    public let currency: String
    /// Whether it is for sale.
    public let active: Bool
    /// Free JSON.
    public let metadata: JSONObject
    /// When it was created.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Product: JSONEncodable {
    /// Writes the product as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("companyId", companyId)
            $0.field("name", name)
            $0.field("description", description)
            $0.field("sku", sku)
            $0.field("priceCents", priceCents)
            $0.field("currency", currency)
            $0.field("active", active)
            $0.field("metadata", metadata)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
