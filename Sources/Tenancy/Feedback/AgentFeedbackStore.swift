public import Foundation
import JSON
public import Postgres

/// What people thought of agents' answers: one word of each person for each answer, which they may change.
///
/// Methods throw ``Forbidden``, ``NotFound``, ``InvalidFields``, and `PostgresError`.
public struct AgentFeedbackStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = """
        id, conversation_id, message_id, agent_name, author_kind, score, note, created_at, updated_at
        """

    /// Notes what the caller thinks of an answer, in the place of what they said before. That the caller may see the
    /// answer, and that an agent gave it, is for whoever calls this to check.
    public func put(
        _ scope: TenantScope, messageId: UUID, conversationId: UUID, agent: String, _ score: AgentFeedback.Score,
        note: String?
    ) async throws -> AgentFeedback {
        var checks = FieldChecks()
        checks.text("note", note, 1...1000)
        try checks.check()
        let (kind, author) = try Self.author(scope)
        do {
            let rows = try await client.query(
                """
                INSERT INTO agent_feedback (company_id, id, message_id, conversation_id, agent_name, author_kind,
                    author_id, score, note)
                VALUES (\(scope.companyId), \(UUID.v7()), \(messageId), \(conversationId), \(agent), \(kind.rawValue),
                    \(author), \(score.rawValue), \(note))
                ON CONFLICT (company_id, message_id, author_kind, author_id)
                    DO UPDATE SET score = excluded.score, note = excluded.note, updated_at = now()
                RETURNING \(fragment: Self.columns)
                """, settings: scope.settings)
            return try AgentFeedback(try rows.one())
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw NotFound(kind.rawValue)
        }
    }

    /// A page of what was said, newest first, of one agent or score when given.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), agent: String? = nil, score: AgentFeedback.Score? = nil
    ) async throws -> Page<AgentFeedback> {
        try scope.require(.agentLogsRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let agent { filter += " AND agent_name = \(agent)" }
        if let score { filter += " AND score = \(score.rawValue)" }
        return try await client.newestFirst(
            Self.columns, of: "agent_feedback", where: filter, page, scope, id: \.id, AgentFeedback.init)
    }

    /// Forgets what was said of these messages, because they are deleted. May be repeated.
    /// - Parameter scope: the company's own work.
    public func forget(_ scope: TenantScope, messages ids: [UUID]) async throws {
        try await forget(scope, where: "message_id = ANY(\(ids))")
    }

    /// Forgets what was said in these conversations, because they are deleted. May be repeated.
    /// - Parameter scope: the company's own work.
    public func forget(_ scope: TenantScope, conversations ids: [UUID]) async throws {
        try await forget(scope, where: "conversation_id = ANY(\(ids))")
    }

    private func forget(_ scope: TenantScope, where place: SQL) async throws {
        guard scope.caller == .worker else { throw Forbidden("only the company's own work forgets messages") }
        _ = try await client.query(
            "DELETE FROM agent_feedback WHERE company_id = \(scope.companyId) AND \(fragment: place)",
            settings: scope.settings)
    }

    private static func author(_ scope: TenantScope) throws -> (AgentFeedback.Author, UUID) {
        switch scope.caller {
        case .member(let userId, _, _): (.member, userId)
        case .visitor(let customerId): (.customer, customerId)
        case .apiKey(let id, _): (.program, id)
        case .worker: throw Forbidden("agents do not judge themselves")
        }
    }
}

extension AgentFeedback.Author: PostgresDecodable {}

extension AgentFeedback {
    init(_ row: PostgresRow) throws {
        let score = try row.get("score", as: Int.self)
        self.init(
            id: try row.get("id"), conversationId: try row.get("conversation_id"),
            messageId: try row.get("message_id"), agentName: try row.get("agent_name"),
            author: try row.get("author_kind"), score: score < 0 ? .bad : .good, note: try row.get("note"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"))
    }
}
