public import Foundation
import Postgres

extension AgentStateStore {
    /// Forgets what agents keep of conversations, state and memories, what was remembered because of their messages alone,
    /// and what people thought of the answers in them, because the conversations are deleted. May be repeated.
    /// - Parameter scope: the company's own work.
    /// - Throws: ``Forbidden`` for anybody else, `PostgresError`.
    public func forget(_ scope: TenantScope, conversations ids: [UUID]) async throws {
        guard scope.caller == .worker else { throw Forbidden("only the company's own work forgets conversations") }
        for table in ["agent_state", "memories"] as [SQL] {
            _ = try await client.query(
                """
                DELETE FROM \(fragment: table) WHERE company_id = \(scope.companyId)
                    AND subject_kind = 'conversation' AND subject_id = ANY(\(ids))
                """, settings: scope.settings)
        }
        try await MemoryStore(client).forget(scope, conversations: ids)
        try await AgentFeedbackStore(client).forget(scope, conversations: ids)
    }
}
