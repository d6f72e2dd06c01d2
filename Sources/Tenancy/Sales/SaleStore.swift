public import Foundation
import JSON
public import Postgres

/// What companies sold.
///
/// Methods throw ``Forbidden`` without the permission, ``NotFound`` for an absent or foreign id, ``InvalidFields`` for
/// unacceptable values, an absent or foreign customer or product among them, ``VersionMismatch``, and `PostgresError`.
public struct SaleStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let noCustomer = FieldError("customerId", "not_found", "there is no such customer")
    private static let noProduct = FieldError("productId", "not_found", "there is no such product")

    /// Records a sale. Without an amount it is price × quantity, without a currency the product's.
    /// - Parameter id: for a request that may be run again after a crash; the row of the first run is returned then.
    public func create(_ scope: TenantScope, _ draft: SaleDraft, id: UUID? = nil) async throws -> Sale {
        try scope.require(.salesWrite)
        return try await once(id, primaryKey: "sales_pkey", existing: { try await find(scope, $0) }) {
            try await insert(scope, draft, id)
        }
    }

    private func insert(_ scope: TenantScope, _ draft: SaleDraft, _ id: UUID?) async throws -> Sale {
        var errors = draft.problems
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                let found = try await transaction.query(
                    """
                    SELECT products.price_cents, products.currency,
                        EXISTS (SELECT FROM customers WHERE company_id = \(scope.companyId)
                            AND id = \(draft.customerId)) AS customer
                    FROM (SELECT) AS always
                    LEFT JOIN products ON products.company_id = \(scope.companyId) AND products.id = \(draft.productId)
                    """
                ).one()
                if !(try found.get("customer", as: Bool.self)) { errors.append(Self.noCustomer) }
                guard let price = try found.get("price_cents", as: Int64?.self) else {
                    throw InvalidFields(errors + [Self.noProduct])
                }
                if !errors.isEmpty { throw InvalidFields(errors) }
                let rows = try await transaction.query(
                    """
                    INSERT INTO sales (company_id, id, customer_id, product_id, quantity, amount_cents, currency, status,
                        conversation_id, metadata)
                    VALUES (\(scope.companyId), \(id ?? UUID.v7()), \(draft.customerId), \(draft.productId), \(draft.quantity),
                        \(try draft.amount(priceCents: price)),
                        \(try draft.currency ?? found.get("currency", as: String.self)), \(draft.status.rawValue),
                        \(draft.conversationId), \(draft.metadata.postgres))
                    RETURNING \(fragment: Sale.columns)
                    """)
                return try Sale(try rows.one())
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            // Deleted between the look and the insert.
            throw InvalidFields([error.constraint == "sales_product_fkey" ? Self.noProduct : Self.noCustomer])
        }
    }

    /// The sale, or `nil`.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> Sale? {
        try scope.require(.salesRead)
        return try await client.query(
            "SELECT \(fragment: Sale.columns) FROM sales WHERE company_id = \(scope.companyId) AND id = \(id)",
            settings: scope.settings
        ).first.map(Sale.init)
    }

    /// The sale.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Sale {
        guard let sale = try await find(scope, id) else { throw NotFound("sale") }
        return sale
    }

    /// A page of the company's sales, newest first, of one customer, product or status when given.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), customerId: UUID? = nil, productId: UUID? = nil,
        status: Sale.Status? = nil
    ) async throws -> Page<Sale> {
        try scope.require(.salesRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let customerId { filter += " AND customer_id = \(customerId)" }
        if let productId { filter += " AND product_id = \(productId)" }
        if let status { filter += " AND status = \(status.rawValue)" }
        return try await client.newestFirst(
            Sale.columns, of: "sales", where: filter, page, scope, id: \.id, Sale.init)
    }

    /// Changes the fields that are given (PATCH).
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: SalePatch, ifVersion: Int? = nil
    ) async throws -> Sale {
        try scope.require(.salesWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                """
                SELECT \(fragment: Sale.columns) FROM sales
                WHERE company_id = \(scope.companyId) AND id = \(id) FOR NO KEY UPDATE
                """)
            guard let row = rows.first else { throw NotFound("sale") }
            let old = try Sale(row)
            try require(ifVersion, toBe: old.version)
            let new = SaleChange(old, patch)
            try new.checks.check()
            let changed = try await transaction.query(
                """
                UPDATE sales SET quantity = \(new.quantity), amount_cents = \(new.amountCents),
                    currency = \(new.currency), status = \(new.status.rawValue),
                    conversation_id = \(new.conversationId), metadata = \(new.metadata.postgres),
                    version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) AND id = \(id)
                RETURNING \(fragment: Sale.columns)
                """)
            return try Sale(try changed.one())
        }
    }
}
