public import Foundation
import JSON
public import Postgres
import Synchronization

/// The keys of companies' programs.
///
/// Methods throw ``Forbidden`` without the permission, ``NotFound`` for an absent or foreign id, and `PostgresError`.
public struct APIKeyStore: Sendable {
    let client: PostgresClient
    private let uses = RecentUses()

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = """
        api_keys.company_id, api_keys.id, api_keys.name, api_keys.prefix, api_keys.scopes, api_keys.expires_at,
        api_keys.last_used_at, api_keys.created_at
        """

    /// Makes a key. The secret is in the answer and nowhere else.
    /// - Parameters:
    ///   - id: for a request that may be run again after a crash; the key of the first run, whose secret nobody has
    ///     seen, gets a new one then.
    ///   - limits: the company's plan; `nil` counts nothing.
    /// - Throws: also ``InvalidFields`` for unacceptable values and for scopes the caller does not have;
    ///   ``QuotaExceeded``.
    public func create(
        _ scope: TenantScope, _ draft: APIKeyDraft, id: UUID? = nil, limits: PlanLimits? = nil
    ) async throws -> NewAPIKey {
        try scope.require(.apiKeysWrite)
        var checks = draft.checks(now: Date())
        let beyond = draft.scopes.subtracting(scope.permissions).sorted().map(\.rawValue)
        if !beyond.isEmpty {
            let list = beyond.joined(separator: ", ")
            checks.add("scopes", "forbidden", "a key may do no more than its maker, who may not: \(list)")
        }
        try checks.check()
        let secret = APIKeySecret(isTest: draft.isTest)
        return try await client.transaction(settings: scope.settings) { transaction in
            if let id {
                let again = try await transaction.query(
                    """
                    UPDATE api_keys SET prefix = \(secret.shown), key_hash = \(secret.hash)
                    WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING \(fragment: Self.columns)
                    """)
                if let row = again.first { return NewAPIKey(key: try APIKey(row), secret: secret.text) }
            }
            if let limits { try await transaction.requireQuota(.apiKeys, of: limits, table: "api_keys", scope) }
            let rows = try await transaction.query(
                """
                INSERT INTO api_keys (company_id, id, name, prefix, key_hash, scopes, created_by, expires_at)
                VALUES (\(scope.companyId), \(id ?? UUID.v7()), \(draft.name), \(secret.shown), \(secret.hash),
                    \(draft.scopes.sorted().map(\.rawValue)), \(scope.userId), \(draft.expiresAt))
                RETURNING \(fragment: Self.columns)
                """)
            return NewAPIKey(key: try APIKey(try rows.one()), secret: secret.text)
        }
    }

    /// A page of the company's keys, newest first.
    public func list(_ scope: TenantScope, page: PageRequest = PageRequest()) async throws -> Page<APIKey> {
        try scope.require(.apiKeysRead)
        let filter: SQL = "company_id = \(scope.companyId)"
        return try await client.newestFirst(
            Self.columns, of: "api_keys", where: filter, page, scope, id: \.id, APIKey.init)
    }

    /// Ends the key at once.
    public func revoke(_ scope: TenantScope, _ id: UUID) async throws {
        try scope.require(.apiKeysWrite)
        let rows = try await client.query(
            "DELETE FROM api_keys WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING id",
            settings: scope.settings)
        if rows.isEmpty { throw NotFound("API key") }
    }

    /// Notes that the key of the scope was used, at most once a minute; does nothing for other callers. It belongs
    /// after the answer: nobody waits for it.
    public func noteUse(_ scope: TenantScope, at now: Date = Date()) async throws {
        guard case .apiKey(let id, _) = scope.caller, uses.isDue(id, now: now) else { return }
        _ = try await client.query(
            """
            UPDATE api_keys SET last_used_at = \(now) WHERE company_id = \(scope.companyId) AND id = \(id)
                AND (last_used_at IS NULL OR last_used_at <= \(now.addingTimeInterval(-60)))
            """, settings: scope.settings)
    }
}

/// When this process last noted the use of which key, so that a busy key costs nothing.
private final class RecentUses: Sendable {
    private let times = Mutex<[UUID: Date]>([:])

    func isDue(_ id: UUID, now: Date) -> Bool {
        times.withLock { times in
            if let last = times[id], now.timeIntervalSince(last) < 60 { return false }
            // Forgetting is harmless: the statement compares again.
            if times.count >= 10_000 { times.removeAll() }
            times[id] = now
            return true
        }
    }
}

extension APIKey {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), name: try row.get("name"),
            prefix: try row.get("prefix"),
            scopes: try row.get("scopes", as: [String].self).compactMap(Permission.init),
            expiresAt: try row.get("expires_at"), lastUsedAt: try row.get("last_used_at"),
            createdAt: try row.get("created_at"))
    }
}
