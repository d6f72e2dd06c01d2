public import Foundation
public import Postgres

/// The products of companies.
///
/// Methods throw ``Forbidden`` without the permission, ``NotFound`` for an absent or foreign id, ``InvalidFields`` for
/// unacceptable values, ``StoreConflict`` on `sku`, ``VersionMismatch``, and `PostgresError`.
public struct ProductStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let conflicts = [
        "products_sku_key": StoreConflict(
            field: "sku", code: "taken", message: "another product of the company has this sku")
    ]

    /// Adds a product.
    /// - Parameters:
    ///   - id: for a request that may be run again after a crash; the row of the first run is returned then.
    ///   - limits: the company's plan; `nil` counts nothing.
    /// - Throws: also ``QuotaExceeded``.
    public func create(
        _ scope: TenantScope, _ draft: ProductDraft, id: UUID? = nil, limits: PlanLimits? = nil
    ) async throws -> Product {
        try scope.require(.productsWrite)
        try draft.checks.check()
        let insert: SQL = """
            INSERT INTO products (company_id, id, name, description, sku, price_cents, currency, active, metadata)
            VALUES (\(scope.companyId), \(id ?? UUID.v7()), \(draft.name), \(draft.description), \(draft.sku),
                \(draft.priceCents), \(draft.currency), \(draft.active), \(draft.metadata.postgres))
            RETURNING \(fragment: Product.columns)
            """
        return try await once(id, primaryKey: "products_pkey", existing: { try await find(scope, $0) }) {
            try await translating(Self.conflicts) {
                guard let limits else {
                    return try Product(try await client.query(insert, settings: scope.settings).one())
                }
                return try await client.transaction(settings: scope.settings) { transaction in
                    try await transaction.requireQuota(.products, of: limits, table: "products", scope)
                    return try Product(try await transaction.query(insert).one())
                }
            }
        }
    }

    /// The product, or `nil`.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> Product? {
        try scope.require(.productsRead)
        return try await client.query(
            "SELECT \(fragment: Product.columns) FROM products WHERE company_id = \(scope.companyId) AND id = \(id)",
            settings: scope.settings
        ).first.map(Product.init)
    }

    /// The product.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Product {
        guard let product = try await find(scope, id) else { throw NotFound("product") }
        return product
    }

    /// Replaces everything a caller may say about the product (PUT).
    public func replace(
        _ scope: TenantScope, _ id: UUID, _ draft: ProductDraft, ifVersion: Int? = nil
    ) async throws -> Product {
        try await change(scope, id, ifVersion) { _ in draft }
    }

    /// Changes the fields that are given (PATCH).
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: ProductPatch, ifVersion: Int? = nil
    ) async throws -> Product {
        try await change(scope, id, ifVersion) { patch.applied(to: $0) }
    }

    /// Removes the product. Its sales stay, without it.
    public func delete(_ scope: TenantScope, _ id: UUID, ifVersion: Int? = nil) async throws {
        try scope.require(.productsWrite)
        try await client.transaction(settings: scope.settings) { transaction in
            let old = try await locked(id, scope, transaction)
            try require(ifVersion, toBe: old.version)
            _ = try await transaction.query(
                """
                UPDATE sales SET product_id = NULL, version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) AND product_id = \(id)
                """)
            _ = try await transaction.query(
                "DELETE FROM products WHERE company_id = \(scope.companyId) AND id = \(id)")
        }
    }

    private func change(
        _ scope: TenantScope, _ id: UUID, _ ifVersion: Int?, _ new: @Sendable (ProductDraft) -> ProductDraft
    ) async throws -> Product {
        try scope.require(.productsWrite)
        return try await translating(Self.conflicts) {
            try await client.transaction(settings: scope.settings) { transaction in
                let old = try await locked(id, scope, transaction)
                try require(ifVersion, toBe: old.version)
                let draft = new(ProductDraft(old))
                try draft.checks.check()
                let rows = try await transaction.query(
                    """
                    UPDATE products SET name = \(draft.name), description = \(draft.description), sku = \(draft.sku),
                        price_cents = \(draft.priceCents), currency = \(draft.currency), active = \(draft.active),
                        metadata = \(draft.metadata.postgres), version = version + 1, updated_at = now()
                    WHERE company_id = \(scope.companyId) AND id = \(id)
                    RETURNING \(fragment: Product.columns)
                    """)
                return try Product(try rows.one())
            }
        }
    }

    /// The product's row, kept from everybody else until the end of the transaction, also from new references.
    private func locked(
        _ id: UUID, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws -> Product {
        let rows = try await transaction.query(
            """
            SELECT \(fragment: Product.columns) FROM products
            WHERE company_id = \(scope.companyId) AND id = \(id) FOR UPDATE
            """)
        guard let row = rows.first else { throw NotFound("product") }
        return try Product(row)
    }
}
