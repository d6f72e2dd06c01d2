import Foundation
import JSON
import Tenancy

/// Products with quantities, as quotes and orders have them.
struct OrderLines {
    /// Products in one quote or order.
    static let limit = 20

    let product: Product
    let quantity: Int64
    let totalCents: Int64

    var item: Lead.Item {
        Lead.Item(
            productId: product.id, name: product.name, quantity: quantity, amountCents: totalCents,
            currency: product.currency)
    }

    var json: JSONValue {
        [
            "id": .string(product.id.lowercased), "name": .string(product.name), "quantity": .integer(quantity),
            "priceCents": .integer(product.priceCents), "totalCents": .integer(totalCents),
            "currency": .string(product.currency),
        ]
    }

    /// Reads `[{product, quantity}]`, which the schema has checked.
    /// - Throws: ``ToolError/notFound``, ``ToolError/invalidArguments(_:)`` when an amount is too large.
    static func read(_ json: JSONValue?, _ products: ProductStore, _ scope: ToolScope) async throws -> [OrderLines] {
        var lines: [OrderLines] = []
        for item in json?.arrayValue ?? [] {
            let product = try await product(item["product"]?.stringValue ?? "", products, scope)
            guard product.active else { throw ToolError.notFound }
            let quantity = item["quantity"]?.integerValue ?? 1
            let (total, overflow) = product.priceCents.multipliedReportingOverflow(by: quantity)
            guard !overflow, ProductDraft.moneyRange.contains(total) else {
                throw ToolError.invalidArguments("the quantity makes more than an amount may be")
            }
            lines.append(OrderLines(product: product, quantity: quantity, totalCents: total))
        }
        return lines
    }

    /// A product by its id or its sku, in whatever case.
    static func product(_ name: String, _ products: ProductStore, _ scope: ToolScope) async throws -> Product {
        if let id = UUID(strict: name), let product = try await products.find(scope.tenant, id) { return product }
        let found = try await products.catalogSearch(scope.tenant, question: name, limit: 20)
        guard let product = found.first(where: { $0.sku?.lowercased() == name.lowercased() }) else {
            throw ToolError.notFound
        }
        return product
    }

    /// What all lines cost, for each currency: `[{currency, totalCents}]`.
    static func totals(_ lines: [OrderLines]) -> JSONValue {
        var order: [String] = []
        var sums: [String: Int64] = [:]
        for line in lines {
            if sums[line.product.currency] == nil { order.append(line.product.currency) }
            sums[line.product.currency, default: 0] += line.totalCents
        }
        return .array(order.map { ["currency": .string($0), "totalCents": .integer(sums[$0] ?? 0)] })
    }
}
