public import Foundation
import Postgres

/// A memory that came from messages goes with the last of them, unless a person has changed or pinned it since: then it
/// is that person's own word.
extension MemoryStore {
    /// The most messages that are noted for one memory; the newest stay.
    static let origins = 8

    static let originColumns: SQL = """
        (SELECT message_id FROM memory_sources AS s WHERE s.company_id = memories.company_id
            AND s.memory_id = memories.id ORDER BY message_id DESC LIMIT 1) AS source_message_id,
        (SELECT conversation_id FROM memory_sources AS s WHERE s.company_id = memories.company_id
            AND s.memory_id = memories.id ORDER BY message_id DESC LIMIT 1) AS source_conversation_id
        """

    /// Notes that what is remembered was said in one more message. What did not come from a message does not come to
    /// depend on one by that.
    /// - Throws: `PostgresError`; nothing when the memory is gone.
    public func note(
        _ origin: MemoryOrigin, of id: UUID, _ scope: TenantScope, subject: Subject? = nil
    ) async throws {
        let subject = try scope.reach(subject)
        try await client.transaction(settings: scope.settings) { transaction in
            let found = try await transaction.query(
                """
                SELECT id FROM memories WHERE \(fragment: Self.owned(scope, subject)) AND id = \(id)
                    AND EXISTS (SELECT FROM memory_sources WHERE company_id = \(scope.companyId) AND memory_id = \(id))
                FOR UPDATE
                """)
            guard found.first != nil else { return }
            try await transaction.insert(origin, of: id, scope)
            _ = try await transaction.query(
                """
                DELETE FROM memory_sources WHERE company_id = \(scope.companyId) AND memory_id = \(id)
                    AND message_id NOT IN (SELECT message_id FROM memory_sources
                        WHERE company_id = \(scope.companyId) AND memory_id = \(id)
                        ORDER BY message_id DESC LIMIT \(Self.origins))
                """)
        }
    }

    /// Forgets what came from these messages alone, because they are deleted. May be repeated.
    /// - Parameter scope: the company's own work.
    /// - Returns: how many memories went.
    /// - Throws: ``Forbidden`` for anybody else, `PostgresError`.
    @discardableResult
    public func forget(_ scope: TenantScope, messages ids: [UUID]) async throws -> Int {
        try await forget(scope, where: "message_id = ANY(\(ids))")
    }

    /// Forgets what came from messages of these conversations alone, because they are deleted. May be repeated.
    /// - Parameter scope: the company's own work.
    /// - Returns: how many memories went.
    /// - Throws: ``Forbidden`` for anybody else, `PostgresError`.
    @discardableResult
    public func forget(_ scope: TenantScope, conversations ids: [UUID]) async throws -> Int {
        try await forget(scope, where: "conversation_id = ANY(\(ids))")
    }

    private func forget(_ scope: TenantScope, where origin: SQL) async throws -> Int {
        guard scope.caller == .worker else { throw Forbidden("only the company's own work forgets messages") }
        return try await client.transaction(settings: scope.settings) { transaction in
            // Locked first: of two messages that are deleted at the same moment the later sees that no other is left.
            let locked = try await transaction.query(
                """
                SELECT id FROM memories WHERE company_id = \(scope.companyId)
                    AND id IN (SELECT memory_id FROM memory_sources
                        WHERE company_id = \(scope.companyId) AND \(fragment: origin))
                ORDER BY id FOR UPDATE
                """
            ).map { try $0.get("id", as: UUID.self) }
            guard !locked.isEmpty else { return 0 }
            _ = try await transaction.query(
                "DELETE FROM memory_sources WHERE company_id = \(scope.companyId) AND \(fragment: origin)")
            return try await transaction.query(
                """
                DELETE FROM memories WHERE company_id = \(scope.companyId) AND id = ANY(\(locked))
                    AND version = 1 AND NOT pinned AND NOT EXISTS (SELECT FROM memory_sources AS s
                        WHERE s.company_id = memories.company_id AND s.memory_id = memories.id)
                """
            ).affected
        }
    }
}

extension PostgresTransaction {
    /// Notes a message that a memory comes from. Doing it again changes nothing.
    func insert(_ origin: MemoryOrigin, of id: UUID, _ scope: TenantScope) async throws {
        _ = try await query(
            """
            INSERT INTO memory_sources (company_id, memory_id, message_id, conversation_id)
            VALUES (\(scope.companyId), \(id), \(origin.messageId), \(origin.conversationId))
            ON CONFLICT DO NOTHING
            """)
    }
}
