public import Foundation
import JSON
public import Postgres

/// What `@mem` remembers, for a person or a customer in one company. A person and a visitor reach their own memories
/// only; the company's own work (the agent) names whose it means.
///
/// Methods throw ``Forbidden``, ``NotFound``, ``InvalidFields``, and `PostgresError`.
public struct MemoryStore: Sendable {
    let client: PostgresClient

    /// How many memories one subject may have; the next is refused.
    public static let limit = 10_000

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = "id, text, created_at"

    /// Remembers a text of 1 to 2,000 characters.
    /// - Parameters:
    ///   - id: the memory's id; saving again under the same id, as a turn that is run twice does, changes nothing.
    ///   - subject: whose memory it is; `nil` for the caller's own.
    public func save(
        _ scope: TenantScope, _ text: String, id: UUID = .v7(), subject: Subject? = nil
    ) async throws -> Memory {
        let subject = try scope.reach(subject)
        var checks = FieldChecks()
        checks.text("text", text, Memory.lengths)
        try checks.check()
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                let counted = try await transaction.query(
                    """
                    SELECT count(*) AS count FROM (SELECT FROM memories
                        WHERE \(fragment: Self.owned(scope, subject)) LIMIT \(Self.limit)) AS counted
                    """)
                if try counted.one().get("count", as: Int.self) >= Self.limit {
                    throw QuotaExceeded(figure: "memories", limit: Self.limit)
                }
                _ = try await transaction.query(
                    """
                    INSERT INTO memories (company_id, id, subject_kind, subject_id, text)
                    VALUES (\(scope.companyId), \(id), \(subject.kind), \(subject.id(in: scope.companyId)), \(text))
                    ON CONFLICT DO NOTHING
                    """)
                let rows = try await transaction.query(
                    """
                    SELECT \(fragment: Self.columns) FROM memories
                    WHERE \(fragment: Self.owned(scope, subject)) AND id = \(id)
                    """)
                guard let row = rows.first else { throw NotFound("memory") }
                return try Memory(row)
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw NotFound(subject.kind)
        }
    }

    /// The memories that fit a question best: those with any of its words (by English and Spanish stems, without
    /// accents), best first, and those that contain it as it stands.
    /// - Parameter limit: 1 to 50.
    public func search(
        _ scope: TenantScope, _ question: String, limit: Int = 5, subject: Subject? = nil
    ) async throws -> [Memory] {
        let subject = try scope.reach(subject)
        let text = String(question.prefix(1000))
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM memories, search_query(\(text), false) AS query
            WHERE \(fragment: Self.owned(scope, subject))
                AND (search @@ query OR (\(text) <> '' AND strpos(fold(text), fold(\(text))) > 0))
            ORDER BY ts_rank(search, query) DESC, id DESC LIMIT \(min(max(limit, 1), 50))
            """, settings: scope.settings)
        return try rows.map(Memory.init)
    }

    /// A page of memories, newest first.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), subject: Subject? = nil
    ) async throws -> Page<Memory> {
        let subject = try scope.reach(subject)
        var filter = Self.owned(scope, subject)
        if let cursor = try page.place(list: "memories") { filter += " AND id < \(try cursor.id(0))" }
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM memories WHERE \(fragment: filter)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map(Memory.init), limit: page.limit) {
            Cursor(list: "memories", values: [$0.id.lowercased])
        }
    }

    /// Forgets one memory.
    /// - Throws: ``NotFound`` when it is not there.
    public func forget(_ scope: TenantScope, _ id: UUID, subject: Subject? = nil) async throws {
        let subject = try scope.reach(subject)
        let rows = try await client.query(
            "DELETE FROM memories WHERE \(fragment: Self.owned(scope, subject)) AND id = \(id) RETURNING id",
            settings: scope.settings)
        if rows.isEmpty { throw NotFound("memory") }
    }

    /// Forgets everything.
    /// - Returns: how many memories there were.
    @discardableResult
    public func forgetAll(_ scope: TenantScope, subject: Subject? = nil) async throws -> Int {
        let subject = try scope.reach(subject)
        return try await client.query(
            "DELETE FROM memories WHERE \(fragment: Self.owned(scope, subject))", settings: scope.settings
        ).affected
    }

    private static func owned(_ scope: TenantScope, _ subject: Subject) -> SQL {
        """
        company_id = \(scope.companyId) AND subject_kind = \(subject.kind)
            AND subject_id = \(subject.id(in: scope.companyId))
        """
    }
}

extension Memory {
    init(_ row: PostgresRow) throws {
        self.init(id: try row.get("id"), text: try row.get("text"), createdAt: try row.get("created_at"))
    }
}
