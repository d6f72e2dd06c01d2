public import Foundation
public import JSON

/// Somebody a company serves.
public struct Customer: Sendable, Hashable {
    /// The customer's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// The company's own id for the customer; unique in the company.
    public let externalId: String?
    /// The name to show.
    public let name: String?
    /// An address to write to.
    public let email: String?
    /// A number to call.
    public let phone: String?
    /// Free JSON.
    public let metadata: JSONObject
    /// When it was created.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Customer: JSONEncodable {
    /// Writes the customer as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("companyId", companyId)
            $0.field("externalId", externalId)
            $0.field("name", name)
            $0.field("email", email)
            $0.field("phone", phone)
            $0.field("metadata", metadata)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}

extension Customer {
    /// The customer as the customer itself may see it: what the company keeps about it is left out.
    public var forVisitor: Customer {
        Customer(
            id: id, companyId: companyId, externalId: externalId, name: name, email: email, phone: phone, metadata: [:],
            createdAt: createdAt, updatedAt: updatedAt, version: version)
    }
}
