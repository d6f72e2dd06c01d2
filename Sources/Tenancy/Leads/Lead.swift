public import Foundation
public import JSON

/// What an agent noted of somebody who may buy.
public struct Lead: Sendable, Hashable {
    /// What was noted.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An interest.
        case lead
        /// An order that a member has to confirm.
        case order
    }

    /// What became of it.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Nobody decided yet.
        case new
        /// A member took it up; an order has become sales.
        case confirmed
        /// A member put it aside.
        case dismissed
    }

    /// Something ordered.
    public struct Item: Sendable, Hashable {
        /// The product.
        public var productId: UUID
        /// Its name when it was ordered.
        public var name: String
        /// 1 to 1,000,000.
        public var quantity: Int64
        /// For all of them, in hundredths.
        public var amountCents: Int64
        /// ISO 4217.
        public var currency: String

        /// An item.
        public init(productId: UUID, name: String, quantity: Int64, amountCents: Int64, currency: String) {
            self.productId = productId
            self.name = name
            self.quantity = quantity
            self.amountCents = amountCents
            self.currency = currency
        }
    }

    /// Its id.
    public let id: UUID
    /// What became of it.
    public let status: Status
    /// What was noted.
    public let content: LeadDraft
    /// When it was noted.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

/// What an agent notes.
public struct LeadDraft: Sendable, Hashable {
    /// An interest or an order.
    public var kind: Lead.Kind
    /// The customer it is about, when it is known.
    public var customerId: UUID?
    /// Where it was said.
    public var conversationId: UUID?
    /// The agent that notes it.
    public var agentName: String
    /// The person's name, as they said it.
    public var name: String?
    /// Their e-mail address or phone number, as they said it.
    public var contact: String?
    /// What they are interested in.
    public var interest: String?
    /// What else was said.
    public var note: String?
    /// What was ordered, at most 20 items.
    public var items: [Lead.Item]

    /// Something to note.
    public init(
        _ kind: Lead.Kind, customerId: UUID? = nil, conversationId: UUID? = nil, agentName: String,
        name: String? = nil, contact: String? = nil, interest: String? = nil, note: String? = nil,
        items: [Lead.Item] = []
    ) {
        self.kind = kind
        self.customerId = customerId
        self.conversationId = conversationId
        self.agentName = agentName
        self.name = name
        self.contact = contact
        self.interest = interest
        self.note = note
        self.items = items
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        checks.text("contact", contact, 1...254)
        checks.text("interest", interest, 1...500)
        checks.text("note", note, 1...2000)
        if items.count > 20 { checks.add("items", "too_long", "must have at most 20 items") }
        return checks
    }
}

extension Lead.Item: JSONEncodable {
    /// Writes `{productId, name, quantity, amountCents, currency}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("productId", productId)
            $0.field("name", name)
            $0.field("quantity", quantity)
            $0.field("amountCents", amountCents)
            $0.field("currency", currency)
        }
    }

    /// Reads what ``encode(into:)`` wrote; `nil` for anything else.
    init?(_ json: JSONValue) {
        guard let productId = json["productId"]?.stringValue.flatMap({ UUID(strict: $0) }),
            let name = json["name"]?.stringValue, let quantity = json["quantity"]?.integerValue,
            let amountCents = json["amountCents"]?.integerValue, let currency = json["currency"]?.stringValue
        else { return nil }
        self.init(
            productId: productId, name: name, quantity: quantity, amountCents: amountCents, currency: currency)
    }
}

extension Lead: JSONEncodable {
    /// Writes the lead with all that was noted.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("kind", content.kind.rawValue)
            $0.field("status", status.rawValue)
            $0.field("customerId", content.customerId)
            $0.field("conversationId", content.conversationId)
            $0.field("agent", content.agentName)
            $0.field("name", content.name)
            $0.field("contact", content.contact)
            $0.field("interest", content.interest)
            $0.field("note", content.note)
            $0.field("items", content.items)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
