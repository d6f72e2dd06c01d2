import JSON
import Tenancy

/// What a company sells.
struct ProductRoutes: RouteGroup {
    let products: ProductStore

    var routes: [Route] { [list, create, get, replace, change, delete] }

    private static let optionalFields: [Field] = [
        .optional("description", .text(0...4000).orNull), .optional("sku", .text(1...100).orNull),
        .optional("active", .boolean), .optional("metadata", .freeObject),
    ]
    private static let whole = Schema.object(
        [
            .required("name", .text(1...200, notBlank: true).example("12 week plan")),
            .required("priceCents", .integer(0...1_000_000_000_000).example(8900)),
            .optional("currency", .text(format: .currency).example("EUR")),
        ] + optionalFields)
    private static let part = Schema.object(
        [
            .optional("name", .text(1...200, notBlank: true)), .optional("priceCents", .integer(0...1_000_000_000_000)),
            .optional("currency", .text(format: .currency)),
        ] + optionalFields)

    private var list: Route {
        Route(
            method: .get, path: "/api/products", summary: "List or search products.", tag: "Products",
            access: .company(.productsRead),
            query: QueryParameter.page + [
                QueryParameter("q", .text(1...200), "Words to find in name, SKU and description; best matches first."),
                QueryParameter("active", .boolean, "Only those that are, or are not, on sale."),
            ], answers: [.page(of: "Product")]
        ) { call in
            let page = try await products.list(
                call.scope, page: call.page(), text: call.query.string("q"), active: call.query.flag("active"))
            return .cacheable(page)
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/products", summary: "Add a product.", tag: "Products",
            access: .company(.productsWrite), body: Self.whole, answers: [.created("Product").located.tagged]
        ) { call in
            let product = try await products.create(
                call.scope, try ProductDraft(call.input), id: call.resourceId, limits: call.limits)
            return Answer.created(product, at: "/api/products/\(product.id.lowercased)").tagged(product.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/products/{id}", summary: "One product.", tag: "Products",
            access: .company(.productsRead), answers: [.ok("Product").tagged]
        ) { call in
            let product = try await products.get(call.scope, call.id())
            return Answer.json(product).tagged(product.version)
        }
    }

    private var replace: Route {
        Route(
            method: .put, path: "/api/products/{id}", summary: "Replace a product; what is left out is reset.",
            tag: "Products", access: .company(.productsWrite), body: Self.whole, answers: [.ok("Product").tagged]
        ) { call in
            let product = try await products.replace(
                call.scope, call.id(), try ProductDraft(call.input), ifVersion: try call.ifMatch())
            return Answer.json(product).tagged(product.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/products/{id}", summary: "Change some fields of a product.", tag: "Products",
            access: .company(.productsWrite), body: Self.part, answers: [.ok("Product").tagged]
        ) { call in
            let product = try await products.update(
                call.scope, call.id(), ProductPatch(call.input), ifVersion: try call.ifMatch())
            return Answer.json(product).tagged(product.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/products/{id}", summary: "Delete a product; its sales stay.", tag: "Products",
            access: .company(.productsWrite), answers: [.done]
        ) { call in
            try await products.delete(call.scope, call.id())
            return .noContent
        }
    }
}
