public import Foundation
import JSON
import Postgres

extension MemoryStore {
    /// The memories that fit a question best: those with any of its words (by English and Spanish stems, without
    /// accents), pinned ones first, then best first, and those that contain it as it stands.
    /// - Parameters:
    ///   - limit: 1 to 50.
    ///   - withShared: the company's too, for a member.
    ///   - trusted: only what may enter a prompt.
    public func search(
        _ scope: TenantScope, _ question: String, limit: Int = 5, subject: Subject? = nil, withShared: Bool = false,
        trusted: Bool = false
    ) async throws -> [Memory] {
        let subject = try scope.reach(subject)
        let text = String(question.prefix(1000))
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM memories, search_query(\(text), false) AS query
            WHERE \(fragment: Self.filter(scope, subject, withShared, trusted))
                AND (search @@ query OR (\(text) <> '' AND strpos(fold(text), fold(\(text))) > 0))
            ORDER BY pinned DESC, ts_rank(search, query) DESC, id DESC LIMIT \(min(max(limit, 1), 50))
            """, settings: scope.settings)
        return try rows.map(Memory.init)
    }

    /// What a prompt may be told about a subject: what is pinned, then what fits the question, at most `limit`. Nothing
    /// that came from outside.
    public func facts(
        _ scope: TenantScope, for question: String, subject: Subject, limit: Int = 8
    ) async throws -> [Memory] {
        let found = try await search(
            scope, question, limit: limit, subject: subject, withShared: true, trusted: true)
        let pinned = try await list(scope, page: PageRequest(limit: limit), subject: subject, trusted: true)
            .items.filter(\.pinned)
        var seen: Set<UUID> = []
        return Array((pinned + found).filter { seen.insert($0.id).inserted }.prefix(limit))
    }

    /// A page of memories, pinned ones first, then the newest.
    /// - Parameters:
    ///   - withShared: the company's too, for a member.
    ///   - trusted: only what may enter a prompt.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), subject: Subject? = nil, withShared: Bool = false,
        trusted: Bool = false
    ) async throws -> Page<Memory> {
        let subject = try scope.reach(subject)
        var filter = Self.filter(scope, subject, withShared, trusted)
        if let cursor = try page.place(list: "memories", count: 2) {
            filter += " AND (pinned, id) < (\(cursor.values[0] == "1")::boolean, \(try cursor.id(1))::uuid)"
        }
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM memories WHERE \(fragment: filter)
            ORDER BY pinned DESC, id DESC LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map(Memory.init), limit: page.limit) {
            Cursor(list: "memories", values: [$0.pinned ? "1" : "0", $0.id.lowercased])
        }
    }

    /// One memory, the caller's own.
    public func get(_ scope: TenantScope, _ id: UUID, subject: Subject? = nil) async throws -> Memory {
        let subject = try scope.reach(subject)
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM memories
            WHERE \(fragment: Self.kept(scope, subject)) AND id = \(id)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("memory") }
        return try Memory(row)
    }

    private static func filter(
        _ scope: TenantScope, _ subject: Subject, _ withShared: Bool, _ trusted: Bool
    ) -> SQL {
        var filter: SQL = "(\(fragment: kept(scope, subject)))"
        // Only members share what is the company's; a customer's memories stay apart from it.
        if withShared, case .user = subject { filter += " OR (\(fragment: kept(scope, .company)))" }
        filter = "(\(fragment: filter))"
        if trusted { filter += " AND source <> 'untrusted'" }
        return filter
    }
}
