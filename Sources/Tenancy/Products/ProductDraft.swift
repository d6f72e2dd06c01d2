public import JSON

/// What a caller says about a product: POST and PUT.
public struct ProductDraft: Sendable, Hashable {
    /// The name, 1 to 200 characters.
    public var name: String
    /// Up to 10,000 characters.
    public var description: String?
    /// 1 to 100 characters, unique in the company.
    public var sku: String?
    /// 0 to 10¹² hundredths.
    public var priceCents: Int64
    /// ISO 4217.
    public var currency: String
    /// Whether it is for sale.
    public var active: Bool
    /// Up to 64 KiB.
    public var metadata: JSONObject

    /// The currency of a product that names none.
    public static let defaultCurrency = "USD"
    /// What a price or an amount may be, in hundredths.
    public static let moneyRange: ClosedRange<Int64> = 0...1_000_000_000_000

    /// A product called `name`.
    public init(
        name: String, description: String? = nil, sku: String? = nil, priceCents: Int64,
        currency: String = ProductDraft.defaultCurrency, active: Bool = true, metadata: JSONObject = [:]
    ) {
        self.name = name
        self.description = description
        self.sku = sku
        self.priceCents = priceCents
        self.currency = currency
        self.active = active
        self.metadata = metadata
    }

    init(_ product: Product) {
        self.init(
            name: product.name, description: product.description, sku: product.sku, priceCents: product.priceCents,
            currency: product.currency, active: product.active, metadata: product.metadata)
    }

    /// What is wrong with it.
    public var problems: [FieldError] { checks.errors }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        checks.text("description", description, 0...10_000)
        checks.text("sku", sku, 1...100)
        checks.number("priceCents", priceCents, Self.moneyRange)
        checks.currency("currency", currency)
        checks.object("metadata", metadata)
        return checks
    }
}

/// What a PATCH changes of a product.
public struct ProductPatch: Sendable, Hashable {
    /// The name.
    public var name: FieldChange<String>
    /// What it is.
    public var description: FieldChange<String?>
    /// The company's number for it.
    public var sku: FieldChange<String?>
    /// The price in hundredths.
    public var priceCents: FieldChange<Int64>
    /// ISO 4217.
    public var currency: FieldChange<String>
    /// Whether it is for sale.
    public var active: FieldChange<Bool>
    /// Laid over the stored object (RFC 7396); `nil` leaves it.
    public var metadata: JSONObject?

    /// A patch of the fields that are given.
    public init(
        name: FieldChange<String> = .keep, description: FieldChange<String?> = .keep,
        sku: FieldChange<String?> = .keep, priceCents: FieldChange<Int64> = .keep,
        currency: FieldChange<String> = .keep, active: FieldChange<Bool> = .keep, metadata: JSONObject? = nil
    ) {
        self.name = name
        self.description = description
        self.sku = sku
        self.priceCents = priceCents
        self.currency = currency
        self.active = active
        self.metadata = metadata
    }

    func applied(to draft: ProductDraft) -> ProductDraft {
        var result = draft
        name.apply(to: &result.name)
        description.apply(to: &result.description)
        sku.apply(to: &result.sku)
        priceCents.apply(to: &result.priceCents)
        currency.apply(to: &result.currency)
        active.apply(to: &result.active)
        if let metadata { result.metadata = draft.metadata.merged(with: metadata) }
        return result
    }
}
