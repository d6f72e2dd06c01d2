public import Foundation
import JSON
import Postgres

extension CustomerStore {
    /// A page of the company's customers, newest first.
    /// - Parameters:
    ///   - externalId: only the one with this id of the company's own.
    ///   - text: only those whose name, e-mail or phone contains this, in whatever case.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), externalId: String? = nil, text: String? = nil
    ) async throws -> Page<Customer> {
        try scope.require(.customersRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let externalId { filter += " AND external_id = \(externalId)" }
        if let text, !text.isEmpty { filter += " AND \(fragment: Self.contains(text))" }
        return try await client.newestFirst(
            Customer.columns, of: "customers", where: filter, page, scope, id: \.id, Customer.init)
    }

    /// The customer with the company's own id `externalId`, or `nil`.
    public func find(_ scope: TenantScope, externalId: String) async throws -> Customer? {
        try await list(scope, page: PageRequest(limit: 1), externalId: externalId).items.first
    }

    /// The ids of up to `limit` (1 to 200) customers whose name, e-mail or phone contains `text`, newest first.
    public func searchIds(_ scope: TenantScope, text: String, limit: Int = 200) async throws -> [UUID] {
        try scope.require(.customersRead)
        guard !text.isEmpty else { return [] }
        let rows = try await client.query(
            """
            SELECT id FROM customers WHERE company_id = \(scope.companyId) AND \(fragment: Self.contains(text))
            ORDER BY id DESC LIMIT \(min(max(limit, 1), 200))
            """, settings: scope.settings)
        return try rows.map { try $0.get("id") }
    }

    /// The customers of these ids that exist, in no order. At most 200 ids are looked up.
    public func find(_ scope: TenantScope, ids: [UUID]) async throws -> [Customer] {
        guard !ids.isEmpty else { return [] }
        if let own = scope.customerId {
            return ids.contains(own) ? try await [find(scope, own)].compactMap(\.self) : []
        }
        try scope.require(.customersRead)
        let rows = try await client.query(
            """
            SELECT \(fragment: Customer.columns) FROM customers
            WHERE company_id = \(scope.companyId) AND id = ANY(\(Array(ids.prefix(200))))
            """, settings: scope.settings)
        return try rows.map(Customer.init)
    }

    private static func contains(_ text: String) -> SQL {
        """
        strpos(search, fold(\(String(text.prefix(200))))) > 0
        """
    }
}
