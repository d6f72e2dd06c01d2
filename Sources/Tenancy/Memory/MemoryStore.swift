public import Foundation
import JSON
public import Postgres

/// What `@mem` remembers, for a person or a customer in one company, or for the whole company. A person and a visitor
/// reach their own memories only; the company's own work (the agent) names whose it means.
///
/// Methods throw ``Forbidden``, ``NotFound``, ``InvalidFields``, ``VersionMismatch``, and `PostgresError`. What has
/// expired is not there any more.
public struct MemoryStore: Sendable {
    let client: PostgresClient

    /// How many memories one subject may have; the next is refused.
    public static let limit = 10_000

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = """
        id, text, source, pinned, expires_at, subject_kind = 'company' AS shared, created_at, updated_at, version,
        \(fragment: originColumns)
        """

    /// Remembers a text of 1 to 2,000 characters.
    /// - Parameters:
    ///   - id: the memory's id; saving again under the same id, as a turn that is run twice does, changes nothing.
    ///   - subject: whose memory it is; `nil` for the caller's own.
    ///   - author: the member who shares it with the company.
    public func save(
        _ scope: TenantScope, _ draft: MemoryDraft, id: UUID = .v7(), subject: Subject? = nil, author: UUID? = nil
    ) async throws -> Memory {
        let subject = try scope.reach(subject)
        try draft.checks.check()
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
                    INSERT INTO memories (company_id, id, subject_kind, subject_id, text, source, pinned, expires_at,
                        created_by)
                    VALUES (\(scope.companyId), \(id), \(subject.kind), \(subject.id(in: scope.companyId)),
                        \(draft.text), \(draft.source.rawValue), \(draft.pinned), \(draft.expiresAt), \(author))
                    ON CONFLICT DO NOTHING
                    """)
                if let origin = draft.origin { try await transaction.insert(origin, of: id, scope) }
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

    /// Remembers a text that somebody said.
    public func save(
        _ scope: TenantScope, _ text: String, id: UUID = .v7(), subject: Subject? = nil
    ) async throws -> Memory { try await save(scope, MemoryDraft(text), id: id, subject: subject) }

    /// Changes the fields that are given (PATCH).
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: MemoryPatch, subject: Subject? = nil, ifVersion: Int? = nil
    ) async throws -> Memory {
        let subject = try scope.reach(subject)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                """
                SELECT \(fragment: Self.columns) FROM memories
                WHERE \(fragment: Self.kept(scope, subject)) AND id = \(id) FOR UPDATE
                """)
            guard let row = rows.first else { throw NotFound("memory") }
            let old = try Memory(row)
            try require(ifVersion, toBe: old.version)
            var draft = MemoryDraft(old.text, pinned: old.pinned)
            patch.text.apply(to: &draft.text)
            patch.pinned.apply(to: &draft.pinned)
            patch.expiresAt.apply(to: &draft.expiresAt)
            try draft.checks.check()
            let expiresAt = patch.expiresAt == .keep ? old.expiresAt : draft.expiresAt
            let changed = try await transaction.query(
                """
                UPDATE memories SET text = \(draft.text), pinned = \(draft.pinned), expires_at = \(expiresAt),
                    version = version + 1, updated_at = now()
                WHERE \(fragment: Self.owned(scope, subject)) AND id = \(id) RETURNING \(fragment: Self.columns)
                """)
            return try Memory(try changed.one())
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

    /// Forgets a memory of the whole company for a member: the one who shared it, or one who may change agents.
    /// - Throws: ``NotFound`` when it is not there, or is not the member's to forget.
    public func forgetShared(_ scope: TenantScope, _ id: UUID, by userId: UUID) async throws {
        let subject = try scope.reach(.company)
        let rows = try await client.query(
            """
            DELETE FROM memories WHERE \(fragment: Self.owned(scope, subject)) AND id = \(id)
                AND (created_by = \(userId) OR EXISTS (SELECT FROM memberships
                    WHERE company_id = \(scope.companyId) AND user_id = \(userId) AND role IN ('owner', 'admin')))
            RETURNING id
            """, settings: scope.settings)
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

    static func owned(_ scope: TenantScope, _ subject: Subject) -> SQL {
        """
        company_id = \(scope.companyId) AND subject_kind = \(subject.kind)
            AND subject_id = \(subject.id(in: scope.companyId))
        """
    }

    /// What is owned and has not expired.
    static func kept(_ scope: TenantScope, _ subject: Subject) -> SQL {
        owned(scope, subject) + " AND (expires_at IS NULL OR expires_at > now())"
    }
}

extension Memory.Source: PostgresDecodable {}

extension Memory {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), text: try row.get("text"), source: try row.get("source"),
            pinned: try row.get("pinned"), expiresAt: try row.get("expires_at"), isShared: try row.get("shared"),
            origin: try MemoryOrigin(row), createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"),
            version: try row.get("version"))
    }
}

extension MemoryOrigin {
    fileprivate init?(_ row: PostgresRow) throws {
        guard let message = try row.get("source_message_id", as: UUID?.self),
            let conversation = try row.get("source_conversation_id", as: UUID?.self)
        else { return nil }
        self.init(conversationId: conversation, messageId: message)
    }
}
