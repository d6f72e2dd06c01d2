public import Foundation
public import Postgres

/// The customers of companies. A visitor reads its own row only.
///
/// Methods throw ``Forbidden`` without the permission, ``NotFound`` for an absent or foreign id, ``InvalidFields`` for
/// unacceptable values, ``StoreConflict`` on `externalId`, ``VersionMismatch``, and `PostgresError`.
public struct CustomerStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let conflicts = [
        "customers_external_id_key": StoreConflict(
            field: "externalId", code: "taken", message: "another customer of the company has this externalId")
    ]

    /// Adds a customer; an empty draft is an anonymous visitor.
    /// - Parameters:
    ///   - id: for a request that may be run again after a crash; the row of the first run is returned then.
    ///   - limits: the company's plan; `nil` counts nothing.
    /// - Throws: also ``QuotaExceeded``.
    public func create(
        _ scope: TenantScope, _ draft: CustomerDraft = CustomerDraft(), id: UUID? = nil, limits: PlanLimits? = nil
    ) async throws -> Customer {
        try scope.require(.customersWrite)
        try draft.checks.check()
        let insert = Self.insert(scope, draft, id) + " RETURNING \(fragment: Customer.columns)"
        return try await once(id, primaryKey: "customers_pkey", existing: { try await find(scope, $0) }) {
            try await translating(Self.conflicts) {
                guard let limits else {
                    return try Customer(try await client.query(insert, settings: scope.settings).one())
                }
                return try await client.transaction(settings: scope.settings) { transaction in
                    try await transaction.requireQuota(.customers, of: limits, table: "customers", scope)
                    return try Customer(try await transaction.query(insert).one())
                }
            }
        }
    }

    /// The customer with the draft's `externalId`, made from the draft when there is none. Of one that is there only
    /// fields that are empty are filled in. Any number of callers at once get the same one.
    public func findOrCreate(
        _ scope: TenantScope, _ draft: CustomerDraft
    ) async throws -> (customer: Customer, created: Bool) {
        try scope.require(.customersWrite)
        try draft.checks.check()
        guard draft.externalId != nil else { throw InvalidFields("externalId", "required", "must be given") }
        let rows = try await client.query(
            Self.insert(scope, draft) + """
                 ON CONFLICT (company_id, external_id) DO UPDATE SET
                    name = coalesce(customers.name, excluded.name), email = coalesce(customers.email, excluded.email),
                    phone = coalesce(customers.phone, excluded.phone)
                RETURNING \(fragment: Customer.columns), xmax = 0 AS created
                """, settings: scope.settings)
        let row = try rows.one()
        return (try Customer(row), try row.get("created"))
    }

    private static func insert(_ scope: TenantScope, _ draft: CustomerDraft, _ id: UUID? = nil) -> SQL {
        """
        INSERT INTO customers (company_id, id, external_id, name, email, phone, metadata)
        VALUES (\(scope.companyId), \(id ?? UUID.v7()), \(draft.externalId), \(draft.name), \(draft.email), \(draft.phone),
            \(draft.metadata.postgres))
        """
    }

    /// The customer, or `nil`. A visitor finds itself only.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> Customer? {
        if let own = scope.customerId {
            guard own == id else { return nil }
        } else {
            try scope.require(.customersRead)
        }
        return try await client.query(
            "SELECT \(fragment: Customer.columns) FROM customers WHERE company_id = \(scope.companyId) AND id = \(id)",
            settings: scope.settings
        ).first.map(Customer.init)
    }

    /// The customer.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Customer {
        guard let customer = try await find(scope, id) else { throw NotFound("customer") }
        return customer
    }

    /// Changes the fields that are given (PATCH).
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: CustomerPatch, ifVersion: Int? = nil
    ) async throws -> Customer {
        try scope.require(.customersWrite)
        return try await translating(Self.conflicts) {
            try await client.transaction(settings: scope.settings) { transaction in
                let rows = try await transaction.query(
                    """
                    SELECT \(fragment: Customer.columns) FROM customers
                    WHERE company_id = \(scope.companyId) AND id = \(id) FOR NO KEY UPDATE
                    """)
                guard let row = rows.first else { throw NotFound("customer") }
                let old = try Customer(row)
                try require(ifVersion, toBe: old.version)
                let draft = patch.applied(to: CustomerDraft(old))
                try draft.checks.check()
                let changed = try await transaction.query(
                    """
                    UPDATE customers SET external_id = \(draft.externalId), name = \(draft.name),
                        email = \(draft.email), phone = \(draft.phone), metadata = \(draft.metadata.postgres),
                        version = version + 1, updated_at = now()
                    WHERE company_id = \(scope.companyId) AND id = \(id)
                    RETURNING \(fragment: Customer.columns)
                    """)
                return try Customer(try changed.one())
            }
        }
    }

    /// Removes the customer with sales, memories and agents' state, and leaves the intent to remove what the other
    /// stores have.
    public func delete(_ scope: TenantScope, _ id: UUID, ifVersion: Int? = nil) async throws -> Deletion {
        try scope.require(.customersWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                "SELECT version FROM customers WHERE company_id = \(scope.companyId) AND id = \(id) FOR UPDATE")
            guard let row = rows.first else { throw NotFound("customer") }
            try require(ifVersion, toBe: try row.get("version"))
            let deletion = try await transaction.intend(.customer, id, scope)
            _ = try await transaction.query(
                "DELETE FROM customers WHERE company_id = \(scope.companyId) AND id = \(id)")
            return deletion
        }
    }
}
