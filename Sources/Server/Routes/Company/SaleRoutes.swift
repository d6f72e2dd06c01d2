import Foundation
import JSON
import Tenancy

/// What customers bought.
struct SaleRoutes: RouteGroup {
    let sales: SaleStore

    var routes: [Route] { [list, create, get, change] }

    private static let status = Schema.words(Sale.Status.allCases.map(\.rawValue))
    private static let amount = Schema.integer(0...1_000_000_000_000)
    private static let quantity = Schema.integer(1...1_000_000)

    private var list: Route {
        Route(
            method: .get, path: "/api/sales", summary: "List sales, newest first.", tag: "Sales",
            access: .company(.salesRead),
            query: QueryParameter.page + [
                QueryParameter("customerId", .identifier, "Of this customer only."),
                QueryParameter("productId", .identifier, "Of this product only."),
                QueryParameter("status", Self.status, "With this status only."),
            ], answers: [.page(of: "Sale")]
        ) { call in
            .cacheable(
                try await sales.list(
                    call.scope, page: call.page(), customerId: call.query.identifier("customerId"),
                    productId: call.query.identifier("productId"), status: call.query.word("status")))
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/sales", summary: "Record a sale.", tag: "Sales", access: .company(.salesWrite),
            body: .object([
                .required("customerId", .identifier), .required("productId", .identifier),
                .optional("quantity", Self.quantity.described("1 without it.")),
                .optional("amountCents", Self.amount.described("Price × quantity without it.")),
                .optional("currency", .text(format: .currency).described("The product's without it.")),
                .optional("status", Self.status), .optional("conversationId", .identifier.orNull),
                .optional("metadata", .freeObject),
            ]), answers: [.created("Sale").located.tagged]
        ) { call in
            let input = call.input
            let draft = SaleDraft(
                customerId: try input.requiredIdentifier("customerId"),
                productId: try input.requiredIdentifier("productId"), quantity: input.integer("quantity") ?? 1,
                amountCents: input.integer("amountCents"), currency: input.string("currency"),
                status: input.word("status") ?? .pending, conversationId: input.identifier("conversationId"),
                metadata: input.members("metadata") ?? [:])
            let sale = try await sales.create(call.scope, draft, id: call.resourceId)
            return Answer.created(sale, at: "/api/sales/\(sale.id.lowercased)").tagged(sale.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/sales/{id}", summary: "One sale.", tag: "Sales", access: .company(.salesRead),
            answers: [.ok("Sale").tagged]
        ) { call in
            let sale = try await sales.get(call.scope, call.id())
            return Answer.json(sale).tagged(sale.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/sales/{id}", summary: "Change a sale.", tag: "Sales",
            access: .company(.salesWrite),
            body: .object([
                .optional("quantity", Self.quantity), .optional("amountCents", Self.amount),
                .optional("currency", .text(format: .currency)), .optional("status", Self.status),
                .optional("conversationId", .identifier.orNull), .optional("metadata", .freeObject),
            ]), answers: [.ok("Sale").tagged]
        ) { call in
            let input = call.input
            let patch = SalePatch(
                quantity: input.change("quantity", Input.integer),
                amountCents: input.change("amountCents", Input.integer),
                currency: input.change("currency", Input.string),
                status: input.change("status") { input in { input.word($0, as: Sale.Status.self) } },
                conversationId: input.optionalChange("conversationId", Input.identifier),
                metadata: input.members("metadata"))
            let sale = try await sales.update(call.scope, call.id(), patch, ifVersion: try call.ifMatch())
            return Answer.json(sale).tagged(sale.version)
        }
    }
}
