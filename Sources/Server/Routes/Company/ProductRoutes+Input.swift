import JSON
import Tenancy

extension ProductDraft {
    /// The product that a body describes in whole.
    init(_ input: Input) throws(Problem) {
        self.init(
            name: try input.required("name"), description: input.string("description"), sku: input.string("sku"),
            priceCents: input.integer("priceCents") ?? 0, currency: input.string("currency") ?? Self.defaultCurrency,
            active: input.flag("active") ?? true, metadata: input.members("metadata") ?? [:])
    }
}

extension ProductPatch {
    /// The changes that a body asks for.
    init(_ input: Input) {
        self.init(
            name: input.change("name", Input.string), description: input.optionalChange("description", Input.string),
            sku: input.optionalChange("sku", Input.string), priceCents: input.change("priceCents", Input.integer),
            currency: input.change("currency", Input.string), active: input.change("active", Input.flag),
            metadata: input.members("metadata"))
    }
}
