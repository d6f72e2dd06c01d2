public import Foundation
public import Postgres

/// Questions and answers of companies and their agents. An agent's own list is written with the agent, by
/// ``AgentStore``; this store writes the company's.
///
/// Methods throw ``Forbidden``, ``InvalidFields`` and `PostgresError`.
public struct FAQStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = "id, agent_id, question, answer, language"

    /// The company's own questions, in their order.
    public func list(_ scope: TenantScope) async throws -> [FAQ] {
        try scope.require(.agentsRead)
        return try await client.query(Self.select(scope, agentId: nil), settings: scope.settings).map(FAQ.init)
    }

    /// Replaces the company's questions by these, at most 100.
    public func replace(_ scope: TenantScope, _ questions: [FAQDraft]) async throws -> [FAQ] {
        try scope.require(.agentsWrite)
        var checks = FieldChecks()
        checks.questions("faqs", questions)
        try checks.check()
        return try await client.transaction(settings: scope.settings) { transaction in
            // Two writers at once would otherwise each remove what it sees and leave both lists.
            try await transaction.lockCompany(scope)
            try await transaction.replaceQuestions(questions, of: nil, scope)
            return try await transaction.query(Self.select(scope, agentId: nil)).map(FAQ.init)
        }
    }

    /// The questions that fit best, of the agent and of the company: those with any of the words, best first.
    /// - Parameters:
    ///   - agentId: an agent whose own questions count too.
    ///   - limit: 1 to 50.
    public func search(
        _ scope: TenantScope, _ question: String, agentId: UUID? = nil, limit: Int = 10
    ) async throws -> [FAQ] {
        let text = String(question.prefix(1000))
        var owner: SQL = "agent_id IS NULL"
        if let agentId { owner = "(agent_id IS NULL OR agent_id = \(agentId))" }
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM faqs, search_query(\(text), false) AS query
            WHERE company_id = \(scope.companyId) AND \(fragment: owner) AND search @@ query
            ORDER BY ts_rank(search, query) DESC, agent_id NULLS LAST, place LIMIT \(min(max(limit, 1), 50))
            """, settings: scope.settings)
        return try rows.map(FAQ.init)
    }

    static func select(_ scope: TenantScope, agentId: UUID?) -> SQL {
        let owner: SQL = agentId.map { "agent_id = \($0)" } ?? "agent_id IS NULL"
        return """
            SELECT \(fragment: columns) FROM faqs
            WHERE company_id = \(scope.companyId) AND \(fragment: owner) ORDER BY place
            """
    }
}

extension PostgresTransaction {
    /// Puts these questions in the place of those that an agent, or the company, has.
    func replaceQuestions(_ questions: [FAQDraft], of agentId: UUID?, _ scope: TenantScope) async throws {
        let owner: SQL = agentId.map { "agent_id = \($0)" } ?? "agent_id IS NULL"
        _ = try await query("DELETE FROM faqs WHERE company_id = \(scope.companyId) AND \(fragment: owner)")
        guard !questions.isEmpty else { return }
        let rows: [SQL] = questions.enumerated().map { place, faq in
            """
            (\(scope.companyId), \(UUID.v7()), \(agentId), \(place), \(faq.question), \(faq.answer), \(faq.language))
            """
        }
        _ = try await query(
            """
            INSERT INTO faqs (company_id, id, agent_id, place, question, answer, language)
            VALUES \(fragment: rows.joined(separator: ", "))
            """)
    }
}

extension FAQ {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), agentId: try row.get("agent_id"),
            content: FAQDraft(
                question: try row.get("question"), answer: try row.get("answer"), language: try row.get("language")))
    }
}
