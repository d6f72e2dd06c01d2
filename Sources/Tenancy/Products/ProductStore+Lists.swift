import Foundation
import JSON
import Postgres

extension ProductStore {
    /// The product with the company's own number `sku` that is for sale, or `nil`.
    public func find(_ scope: TenantScope, sku: String) async throws -> Product? {
        try scope.require(.productsRead)
        return try await client.query(
            """
            SELECT \(fragment: Product.columns) FROM products
            WHERE company_id = \(scope.companyId) AND sku = \(sku) AND active
            """, settings: scope.settings
        ).first.map(Product.init)
    }

    /// A page of the company's products: newest first, or by relevance when there is a question.
    /// - Parameters:
    ///   - text: words that all have to occur in name, sku or description, each as a word or the beginning of one.
    ///   - active: only those for sale, or only those that are not.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), text: String? = nil, active: Bool? = nil
    ) async throws -> Page<Product> {
        try scope.require(.productsRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let active { filter += " AND active = \(active)" }
        if let text, !text.isEmpty { return try await search(scope, text, filter, page) }
        return try await client.newestFirst(
            Product.columns, of: "products", where: filter, page, scope, id: \.id, Product.init)
    }

    private func search(
        _ scope: TenantScope, _ text: String, _ filter: SQL, _ page: PageRequest
    ) async throws -> Page<Product> {
        var after: SQL = "true"
        if let cursor = try page.place(list: "products?q", count: 2) {
            guard let rank = Double(cursor.values[0]), rank.isFinite else {
                throw InvalidFields("cursor", "invalid", "is not a cursor of this list")
            }
            after = "(rank, id) < (\(rank), \(try cursor.id(1)))"
        }
        let rows = try await client.query(
            """
            SELECT \(fragment: Product.columns), rank FROM (
                SELECT *, ts_rank(search, query)::float8 AS rank FROM products, search_query(\(text), true) AS query
                WHERE \(fragment: filter) AND search @@ query) AS found
            WHERE \(fragment: after) ORDER BY rank DESC, id DESC LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        let found = try rows.map { (product: try Product($0), rank: try $0.get("rank", as: Double.self)) }
        return Page(rows: found, limit: page.limit) {
            Cursor(list: "products?q", values: ["\($0.rank)", $0.product.id.lowercased])
        }.map(\.product)
    }

    /// The products for sale that fit a question in plain words best, for agents: any of the words counts, those in
    /// the name most.
    /// - Parameter limit: 1 to 50.
    public func catalogSearch(_ scope: TenantScope, question: String, limit: Int = 5) async throws -> [Product] {
        try scope.require(.productsRead)
        let rows = try await client.query(
            """
            SELECT \(fragment: Product.columns) FROM products, search_query(\(question), false) AS query
            WHERE company_id = \(scope.companyId) AND active AND search @@ query
            ORDER BY ts_rank(search, query) DESC, id DESC LIMIT \(min(max(limit, 1), 50))
            """, settings: scope.settings)
        return try rows.map(Product.init)
    }
}
