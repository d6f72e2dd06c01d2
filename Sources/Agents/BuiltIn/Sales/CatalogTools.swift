import Foundation
public import JSON
public import Tenancy

/// Names and limits of the catalogue's tools.
enum CatalogTools {
    static let longestQuery = 500

    static func json(_ product: Product) -> JSONValue {
        [
            "id": .string(product.id.lowercased), "name": .string(product.name),
            "description": product.description.map { .string($0) } ?? .null,
            "sku": product.sku.map { .string($0) } ?? .null,
            "priceCents": .integer(product.priceCents), "currency": .string(product.currency),
        ]
    }

    static func json(_ products: [Product]) -> JSONValue { ["products": .array(products.map { json($0) })] }
}

/// `catalog_search`: the products for sale that fit a question in plain words.
public struct CatalogSearchTool: Tool {
    /// `catalog_search`.
    public let name = "catalog_search"
    /// What it does.
    public let description = "Finds products for sale by words of their name, number or description."
    /// Reads the catalogue.
    public let effect = ToolEffect.catalogRead
    /// `query` and `max`.
    public let schema = ToolSchema(
        .init("query", .text(maximum: CatalogTools.longestQuery), "Words to look for"),
        .init("max", .integer(1...50), "How many products at most", isRequired: false))
    private let products: ProductStore

    /// The tool on a store.
    public init(_ products: ProductStore) { self.products = products }

    /// Answers `{products: [{id, name, description, sku, priceCents, currency}]}`, best first.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let limit = arguments["max"]?.integerValue.flatMap { Int(exactly: $0) } ?? 8
        return CatalogTools.json(
            try await products.catalogSearch(
                scope.tenant, question: arguments["query"]?.stringValue ?? "", limit: limit))
    }
}

/// `catalog_list`: the newest products for sale.
public struct CatalogListTool: Tool {
    /// `catalog_list`.
    public let name = "catalog_list"
    /// What it does.
    public let description = "Lists products for sale, the newest first."
    /// Reads the catalogue.
    public let effect = ToolEffect.catalogRead
    /// `max`.
    public let schema = ToolSchema(.init("max", .integer(1...50), "How many products at most", isRequired: false))
    private let products: ProductStore

    /// The tool on a store.
    public init(_ products: ProductStore) { self.products = products }

    /// Answers like `catalog_search`.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let limit = arguments["max"]?.integerValue.flatMap { Int(exactly: $0) } ?? 8
        return CatalogTools.json(
            try await products.list(scope.tenant, page: PageRequest(limit: limit), active: true).items)
    }
}

/// `catalog_get`: one product.
public struct CatalogGetTool: Tool {
    /// `catalog_get`.
    public let name = "catalog_get"
    /// What it does.
    public let description = "Shows one product by its id."
    /// Reads the catalogue.
    public let effect = ToolEffect.catalogRead
    /// `id`.
    public let schema = ToolSchema(.init("id", .text(maximum: 36), "The product's id"))
    private let products: ProductStore

    /// The tool on a store.
    public init(_ products: ProductStore) { self.products = products }

    /// Answers one product.
    /// - Throws: ``ToolError/notFound`` for a product that is absent, foreign or not for sale.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        guard let id = arguments["id"]?.stringValue.flatMap({ UUID(strict: $0) }),
            let product = try await products.find(scope.tenant, id), product.active
        else { throw ToolError.notFound }
        return CatalogTools.json(product)
    }
}
