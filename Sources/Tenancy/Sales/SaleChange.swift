import Foundation
import JSON

/// What of a sale can change, after a patch.
struct SaleChange {
    var quantity: Int64
    var amountCents: Int64
    var currency: String
    var status: Sale.Status
    var conversationId: UUID?
    var metadata: JSONObject

    init(_ sale: Sale, _ patch: SalePatch) {
        quantity = sale.quantity
        amountCents = sale.amountCents
        currency = sale.currency
        status = sale.status
        conversationId = sale.conversationId
        metadata = sale.metadata
        patch.quantity.apply(to: &quantity)
        patch.amountCents.apply(to: &amountCents)
        patch.currency.apply(to: &currency)
        patch.status.apply(to: &status)
        patch.conversationId.apply(to: &conversationId)
        if let changes = patch.metadata { metadata = metadata.merged(with: changes) }
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.number("quantity", quantity, SaleDraft.quantityRange)
        checks.number("amountCents", amountCents, ProductDraft.moneyRange)
        checks.currency("currency", currency)
        checks.object("metadata", metadata)
        return checks
    }
}
