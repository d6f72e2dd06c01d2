import Foundation
import JSON
import Postgres

extension PostgresTransaction {
    /// An agent of the company with its questions.
    /// - Throws: ``NotFound``.
    func agent(_ name: String, _ scope: TenantScope, lock: Bool = false) async throws -> AgentDefinition {
        let locking: SQL = lock ? " FOR UPDATE" : ""
        let rows = try await query(
            """
            SELECT \(fragment: AgentDefinition.columns) FROM agents
            WHERE company_id = \(scope.companyId) AND name = \(name)\(fragment: locking)
            """)
        guard let row = rows.first else { throw NotFound("agent") }
        let id = try row.get("id", as: UUID.self)
        let faqs = try await query(FAQStore.select(scope, agentId: id)).map { try FAQ($0).content }
        return try AgentDefinition(row, faqs: faqs)
    }

    /// Stops a name or alias that another agent, or a member, of the company goes by. The company's row is locked, so
    /// that what is found here stays true.
    func requireFreeNames(_ draft: AgentDraft, except id: UUID, _ scope: TenantScope) async throws {
        let names = [draft.name] + draft.aliases
        let taken = try await query(
            """
            SELECT name, aliases FROM agents WHERE company_id = \(scope.companyId) AND id <> \(id)
                AND (name = ANY(\(names)::text[]) OR aliases && \(names)::text[])
            """)
        var others = Set(try taken.flatMap { [try $0.get("name", as: String.self)] + (try $0.get("aliases")) })
        let members = try await query(
            """
            SELECT lower(users.username) AS name FROM \(fragment: MemberStore.source)
            WHERE memberships.company_id = \(scope.companyId) AND lower(users.username) = ANY(\(names)::text[])
            """)
        for row in members { others.insert(try row.get("name")) }
        guard let name = names.first(where: others.contains) else { return }
        let field = name == draft.name ? "name" : "aliases"
        throw StoreConflict(field: field, code: "taken", message: "\"\(name)\" is taken in this company")
    }

    /// Keeps what an agent was, and forgets the oldest beyond those that are kept.
    func keepVersion(_ old: AgentDefinition, _ scope: TenantScope) async throws {
        _ = try await query(
            """
            INSERT INTO agent_versions (company_id, agent_id, version, definition)
            VALUES (\(scope.companyId), \(old.id), \(old.version), \(PostgresJSON(old.content.encoded)))
            """)
        _ = try await query(
            """
            DELETE FROM agent_versions WHERE company_id = \(scope.companyId) AND agent_id = \(old.id)
                AND version <= \(old.version - AgentStore.keptVersions)
            """)
    }
}

extension AgentDefinition {
    static let columns: SQL = """
        id, name, description, instructions, model, temperature, tools, active, audience, aliases, rules, version,
        created_at, updated_at
        """

    init(_ row: PostgresRow, faqs: [FAQDraft]) throws {
        self.init(
            id: try row.get("id"),
            content: AgentDraft(
                name: try row.get("name"), description: try row.get("description"),
                instructions: try row.get("instructions"), model: try row.get("model"),
                temperature: try row.get("temperature"), tools: try row.get("tools"), active: try row.get("active"),
                audience: try row.get("audience"), aliases: try row.get("aliases"),
                rules: try row.json("rules").arrayValue?.compactMap { KeywordRule($0) } ?? [], faqs: faqs),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}

extension AgentDraft.Audience: PostgresDecodable {}
