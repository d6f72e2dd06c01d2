public import Foundation
import JSON
public import Postgres

/// Companies.
///
/// Methods throw ``Forbidden`` without the permission, ``NotFound`` when the company is gone, ``InvalidFields`` for
/// unacceptable values, ``VersionMismatch``, and `PostgresError`.
public struct CompanyStore: Sendable {
    let client: PostgresClient
    let secrets: SecretBox

    /// A store on `client` that seals widget secrets with `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        self.client = client
        self.secrets = secrets
    }

    /// Makes a company with `userId` as its owner, on the free plan.
    /// - Parameter id: for a request that may be run again after a crash; the company of the first run is returned then.
    public func create(ownedBy userId: UUID, _ draft: CompanyDraft, id: UUID? = nil) async throws -> Company {
        try draft.checks.check()
        let new = id ?? UUID.v7()
        let settings = PostgresSettings.person(userId, company: new)
        return try await once(id, primaryKey: "companies_pkey", existing: { try await find($0, settings) }) {
            try await client.transaction(settings: settings) { transaction in
                do {
                    return try await transaction.createCompany(new, ownedBy: userId, draft, secrets)
                } catch let error as PostgresError where error.code == .foreignKeyViolation {
                    throw NotFound("user")
                }
            }
        }
    }

    private func find(_ id: UUID, _ settings: PostgresSettings) async throws -> Company? {
        try await client.query(
            "SELECT \(fragment: Company.columns) FROM companies WHERE id = \(id)", settings: settings
        ).first.map(Company.init)
    }

    /// The company of the scope.
    public func get(_ scope: TenantScope) async throws -> Company {
        try scope.require(.companyRead)
        guard let company = try await find(scope.companyId, scope.settings) else { throw NotFound("company") }
        return company
    }

    /// Changes the fields that are given (PATCH).
    public func update(_ scope: TenantScope, _ patch: CompanyPatch, ifVersion: Int? = nil) async throws -> Company {
        try scope.require(.companyWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                "SELECT \(fragment: Company.columns) FROM companies WHERE id = \(scope.companyId) FOR NO KEY UPDATE")
            guard let row = rows.first else { throw NotFound("company") }
            let old = try Company(row)
            try require(ifVersion, toBe: old.version)
            let draft = patch.applied(to: CompanyDraft(old))
            try draft.checks.check()
            let changed = try await transaction.query(
                """
                UPDATE companies SET name = \(draft.name), industry = \(draft.industry),
                    brand_personality = \(draft.brandPersonality), active = \(draft.active),
                    settings = \(draft.settings.object.postgres), version = version + 1, updated_at = now()
                WHERE id = \(scope.companyId) RETURNING \(fragment: Company.columns)
                """)
            return try Company(try changed.one())
        }
    }

    /// Removes the company with everything in it, and leaves the intent to remove what the other stores have. Only an
    /// owner may.
    public func delete(_ scope: TenantScope, ifVersion: Int? = nil) async throws -> Deletion {
        guard scope.role == .owner else { throw Forbidden("only an owner may delete the company") }
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                "SELECT version FROM companies WHERE id = \(scope.companyId) FOR UPDATE")
            guard let row = rows.first else { throw NotFound("company") }
            try require(ifVersion, toBe: try row.get("version"))
            let deletion = try await transaction.intend(.company, scope.companyId, scope)
            _ = try await transaction.query("DELETE FROM companies WHERE id = \(scope.companyId)")
            return deletion
        }
    }
}

extension PostgresTransaction {
    /// Company, owner and free subscription. The transaction's settings name both ids.
    func createCompany(
        _ id: UUID, ownedBy userId: UUID, _ draft: CompanyDraft, _ secrets: SecretBox
    ) async throws -> Company {
        let secret = try secrets.seal(randomBytes(32), for: id.lowercased)
        let rows = try await query(
            """
            INSERT INTO companies (id, name, industry, brand_personality, active, widget_key, widget_secret, settings)
            VALUES (\(id), \(draft.name), \(draft.industry), \(draft.brandPersonality), \(draft.active),
                \(WidgetKey.make()), \(secret), \(draft.settings.object.postgres))
            RETURNING \(fragment: Company.columns)
            """)
        _ = try await query("INSERT INTO memberships (company_id, user_id, role) VALUES (\(id), \(userId), 'owner')")
        _ = try await query("INSERT INTO subscriptions (company_id) VALUES (\(id))")
        return try Company(try rows.one())
    }
}
