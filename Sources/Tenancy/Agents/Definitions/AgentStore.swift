public import Foundation
import JSON
public import Postgres

/// The agents that companies define for themselves.
///
/// Methods throw ``Forbidden``, ``NotFound`` for a name the company has no agent of, ``InvalidFields``,
/// ``StoreConflict`` on names, ``VersionMismatch``, and `PostgresError`.
public struct AgentStore: Sendable {
    /// Looks at a whole agent before it is stored: what the floors above know of names and tools.
    public typealias Check = @Sendable (AgentDraft) throws -> Void

    let client: PostgresClient

    /// Earlier versions kept of one agent.
    static let keptVersions = 20

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let conflicts = [
        "agents_name_key": StoreConflict(field: "name", code: "taken", message: "the company has an agent of this name")
    ]

    /// Everything about a company's agents, without their questions. Whoever acts inside a company may know it.
    public func all(_ scope: TenantScope) async throws -> CompanyAgentRows {
        let own = try await client.query(
            """
            SELECT \(fragment: AgentDefinition.columns) FROM agents WHERE company_id = \(scope.companyId) ORDER BY name
            """, settings: scope.settings)
        return CompanyAgentRows(
            own: try own.map { try AgentDefinition($0, faqs: []) }, builtIn: try await settings(scope))
    }

    /// One agent with its questions.
    public func get(_ scope: TenantScope, _ name: String) async throws -> AgentDefinition {
        try scope.require(.agentsRead)
        return try await client.transaction(settings: scope.settings) { transaction in
            try await transaction.agent(name, scope)
        }
    }

    /// Defines an agent.
    /// - Parameters:
    ///   - id: for a request that may be run again after a crash; the row of the first run is returned then.
    ///   - limits: the company's plan; `nil` counts nothing.
    /// - Throws: also ``QuotaExceeded`` and what `check` throws.
    public func create(
        _ scope: TenantScope, _ draft: AgentDraft, id: UUID? = nil, limits: PlanLimits? = nil, check: Check = { _ in }
    ) async throws -> AgentDefinition {
        try scope.require(.agentsWrite)
        try draft.checks.check()
        try check(draft)
        return try await once(id, primaryKey: "agents_pkey", existing: { _ in try? await get(scope, draft.name) }) {
            try await translating(Self.conflicts) {
                try await client.transaction(settings: scope.settings) { transaction in
                    if let limits {
                        try await transaction.requireQuota(.agents, of: limits, table: "agents", scope)
                    } else {
                        try await transaction.lockCompany(scope)
                    }
                    let id = id ?? UUID.v7()
                    try await transaction.requireFreeNames(draft, except: id, scope)
                    _ = try await transaction.query(
                        """
                        INSERT INTO agents (company_id, id, name, description, instructions, model, temperature, tools,
                            active, audience, aliases, rules)
                        VALUES (\(scope.companyId), \(id), \(draft.name), \(draft.description), \(draft.instructions),
                            \(draft.model), \(draft.temperature), \(draft.tools), \(draft.active),
                            \(draft.audience.rawValue), \(draft.aliases), \(PostgresJSON(draft.rules.encoded)))
                        """)
                    try await transaction.replaceQuestions(draft.faqs, of: id, scope)
                    return try await transaction.agent(draft.name, scope)
                }
            }
        }
    }

    /// Changes the fields that are given (PATCH), and keeps what the agent was.
    /// - Throws: also what `check` throws about the whole agent.
    public func update(
        _ scope: TenantScope, _ name: String, _ patch: AgentPatch, ifVersion: Int? = nil, check: Check = { _ in }
    ) async throws -> AgentDefinition {
        try await change(scope, name, ifVersion, check) { old, _ in patch.applied(to: old.content) }
    }

    /// Makes the agent what it was in an earlier version; that is a new version.
    /// - Throws: also ``InvalidFields`` naming `version` when it is not kept.
    public func restore(
        _ scope: TenantScope, _ name: String, version: Int, ifVersion: Int? = nil, check: Check = { _ in }
    ) async throws -> AgentDefinition {
        try await change(scope, name, ifVersion, check) { old, transaction in
            let rows = try await transaction.query(
                """
                SELECT definition FROM agent_versions
                WHERE company_id = \(scope.companyId) AND agent_id = \(old.id) AND version = \(version)
                """)
            guard let row = rows.first, let content = AgentDraft(try row.json("definition")) else {
                throw InvalidFields("version", "not_found", "is not one of the versions that are kept")
            }
            return content
        }
    }

    /// What the agent was before, newest first: the last twenty changes.
    public func versions(_ scope: TenantScope, _ name: String) async throws -> [AgentVersion] {
        let id = try await get(scope, name).id
        let rows = try await client.query(
            """
            SELECT version, definition, created_at FROM agent_versions
            WHERE company_id = \(scope.companyId) AND agent_id = \(id) ORDER BY version DESC LIMIT \(Self.keptVersions)
            """, settings: scope.settings)
        return try rows.compactMap { row in
            guard let content = AgentDraft(try row.json("definition")) else { return nil }
            return AgentVersion(
                version: try row.get("version"), content: content, replacedAt: try row.get("created_at"))
        }
    }

    /// Removes the agent with its questions, versions and what it kept for whom, so that a later agent of the same
    /// name begins with nothing.
    public func delete(_ scope: TenantScope, _ name: String, ifVersion: Int? = nil) async throws {
        try scope.require(.agentsWrite)
        try await client.transaction(settings: scope.settings) { transaction in
            let old = try await transaction.agent(name, scope, lock: true)
            try require(ifVersion, toBe: old.version)
            _ = try await transaction.query(
                "DELETE FROM agent_state WHERE company_id = \(scope.companyId) AND agent_name = \(name)")
            _ = try await transaction.query(
                "DELETE FROM agents WHERE company_id = \(scope.companyId) AND id = \(old.id)")
        }
    }

    private func change(
        _ scope: TenantScope, _ name: String, _ ifVersion: Int?, _ check: Check,
        _ new: @Sendable (AgentDefinition, PostgresTransaction) async throws -> AgentDraft
    ) async throws -> AgentDefinition {
        try scope.require(.agentsWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            try await transaction.lockCompany(scope)
            let old = try await transaction.agent(name, scope, lock: true)
            try require(ifVersion, toBe: old.version)
            let draft = try await new(old, transaction)
            try draft.checks.check()
            try check(draft)
            try await transaction.requireFreeNames(draft, except: old.id, scope)
            try await transaction.keepVersion(old, scope)
            _ = try await transaction.query(
                """
                UPDATE agents SET description = \(draft.description), instructions = \(draft.instructions),
                    model = \(draft.model), temperature = \(draft.temperature), tools = \(draft.tools),
                    active = \(draft.active), audience = \(draft.audience.rawValue), aliases = \(draft.aliases),
                    rules = \(PostgresJSON(draft.rules.encoded)), version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) AND id = \(old.id)
                """)
            if draft.faqs != old.content.faqs { try await transaction.replaceQuestions(draft.faqs, of: old.id, scope) }
            return try await transaction.agent(name, scope)
        }
    }
}
