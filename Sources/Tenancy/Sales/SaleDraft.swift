public import Foundation
public import JSON

/// What a caller says about a new sale.
public struct SaleDraft: Sendable, Hashable {
    /// Who buys; a customer of the company.
    public var customerId: UUID
    /// What is bought; a product of the company.
    public var productId: UUID
    /// 1 to 1,000,000.
    public var quantity: Int64
    /// In hundredths; `nil` for price × quantity.
    public var amountCents: Int64?
    /// ISO 4217; `nil` for the product's.
    public var currency: String?
    /// How far it is.
    public var status: Sale.Status
    /// The conversation it comes from.
    public var conversationId: UUID?
    /// Up to 64 KiB.
    public var metadata: JSONObject

    /// How many of a product one sale may have.
    public static let quantityRange: ClosedRange<Int64> = 1...1_000_000

    /// A sale of `productId` to `customerId`.
    public init(
        customerId: UUID, productId: UUID, quantity: Int64 = 1, amountCents: Int64? = nil, currency: String? = nil,
        status: Sale.Status = .pending, conversationId: UUID? = nil, metadata: JSONObject = [:]
    ) {
        self.customerId = customerId
        self.productId = productId
        self.quantity = quantity
        self.amountCents = amountCents
        self.currency = currency
        self.status = status
        self.conversationId = conversationId
        self.metadata = metadata
    }

    /// What is wrong with it, as far as it can be told without the database.
    public var problems: [FieldError] { checks.errors }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.number("quantity", quantity, Self.quantityRange)
        checks.number("amountCents", amountCents, ProductDraft.moneyRange)
        if let currency { checks.currency("currency", currency) }
        checks.object("metadata", metadata)
        return checks
    }

    /// The amount: what the caller says, or price × quantity when that is still an amount.
    func amount(priceCents: Int64) throws(InvalidFields) -> Int64 {
        if let amountCents { return amountCents }
        let (product, overflow) = priceCents.multipliedReportingOverflow(by: quantity)
        guard !overflow, ProductDraft.moneyRange.contains(product) else {
            throw InvalidFields("quantity", "out_of_range", "price × quantity is more than an amount may be")
        }
        return product
    }
}

/// What a PATCH changes of a sale. Who bought what stays.
public struct SalePatch: Sendable, Hashable {
    /// How many.
    public var quantity: FieldChange<Int64>
    /// What it costs in all, in hundredths.
    public var amountCents: FieldChange<Int64>
    /// ISO 4217.
    public var currency: FieldChange<String>
    /// How far it is.
    public var status: FieldChange<Sale.Status>
    /// The conversation it came from.
    public var conversationId: FieldChange<UUID?>
    /// Laid over the stored object (RFC 7396); `nil` leaves it.
    public var metadata: JSONObject?

    /// A patch of the fields that are given.
    public init(
        quantity: FieldChange<Int64> = .keep, amountCents: FieldChange<Int64> = .keep,
        currency: FieldChange<String> = .keep, status: FieldChange<Sale.Status> = .keep,
        conversationId: FieldChange<UUID?> = .keep, metadata: JSONObject? = nil
    ) {
        self.quantity = quantity
        self.amountCents = amountCents
        self.currency = currency
        self.status = status
        self.conversationId = conversationId
        self.metadata = metadata
    }
}
