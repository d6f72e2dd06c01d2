import Foundation
public import Postgres

/// The deletions that the other stores still have to follow. ``CompanyStore`` and ``CustomerStore`` write them.
///
/// A deletion is worked off by whoever gets it from ``due(limit:)``, or by the request that made it, and then ``done(_:)``.
/// Working one off twice must do no harm.
public struct DeletionStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = "company_id, id, kind, target_id, attempts, created_at"

    /// Up to `limit` (1 to 200) deletions that are due. Each is handed out to one caller and is due again when it was
    /// not done within a minute, later after each further try, at most an hour.
    public func due(limit: Int = 50) async throws -> [Deletion] {
        let rows = try await client.query(
            """
            UPDATE deletions SET attempts = attempts + 1,
                due_at = now() + least(interval '1 minute' * power(2, least(attempts, 10)), interval '1 hour')
            WHERE (company_id, id) IN (
                SELECT company_id, id FROM deletions WHERE due_at <= now()
                ORDER BY due_at LIMIT \(min(max(limit, 1), 200)) FOR UPDATE SKIP LOCKED)
            RETURNING \(fragment: Self.columns)
            """, settings: .sweeper)
        return try rows.map(Deletion.init)
    }

    /// Forgets a deletion: nothing is left of what it names. Doing it again is fine.
    public func done(_ deletion: Deletion) async throws {
        _ = try await client.query(
            "DELETE FROM deletions WHERE company_id = \(deletion.companyId) AND id = \(deletion.id)",
            settings: .sweeper)
    }

    /// How many deletions are not done.
    public func pending() async throws -> Int {
        try await client.query("SELECT count(*) AS count FROM deletions", settings: .sweeper).one().get("count")
    }
}

extension PostgresTransaction {
    /// Writes the intent to remove what hangs on `target` elsewhere, in the transaction that removes `target`. It is
    /// due in half a minute: until then it belongs to the request that wrote it.
    func intend(_ kind: Deletion.Kind, _ target: UUID, _ scope: TenantScope) async throws -> Deletion {
        let rows = try await query(
            """
            INSERT INTO deletions (company_id, id, kind, target_id, due_at)
            VALUES (\(scope.companyId), \(UUID.v7()), \(kind.rawValue), \(target), now() + interval '30 seconds')
            RETURNING \(fragment: DeletionStore.columns)
            """)
        return try Deletion(try rows.one())
    }
}

extension Deletion.Kind: PostgresDecodable {}

extension Deletion {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), kind: try row.get("kind"),
            targetId: try row.get("target_id"), attempts: try row.get("attempts"),
            createdAt: try row.get("created_at"))
    }
}
