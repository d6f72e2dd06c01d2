import Foundation
public import JSON
public import Postgres

/// What agents keep for whom. A person and a visitor reach their own state only; the company's own work reaches all.
///
/// Methods throw ``Forbidden``, ``NotFound``, ``InvalidFields``, ``VersionMismatch``, and `PostgresError`.
public struct AgentStateStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = "agent_name, state, version, created_at, updated_at"

    /// The state, or `nil` when nothing was kept.
    /// - Parameter subject: `nil` for the caller's own.
    public func find(_ scope: TenantScope, agent: String, subject: Subject? = nil) async throws -> AgentState? {
        let subject = try scope.reach(subject)
        return try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM agent_state WHERE \(fragment: Self.row(scope, agent, subject))
            """, settings: scope.settings
        ).first.map(AgentState.init)
    }

    /// Replaces the state, whether there was one or not; at most 64 KiB.
    /// - Parameter ifVersion: only when this version is stored; 0 for none yet.
    public func put(
        _ scope: TenantScope, agent: String, _ state: JSONObject, subject: Subject? = nil, ifVersion: Int? = nil
    ) async throws -> AgentState {
        let subject = try scope.reach(subject)
        var checks = FieldChecks()
        checks.text("agentName", agent, 1...32)
        checks.object("state", state)
        try checks.check()
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                if let ifVersion {
                    let rows = try await transaction.query(
                        """
                        SELECT version FROM agent_state WHERE \(fragment: Self.row(scope, agent, subject)) FOR UPDATE
                        """)
                    try require(ifVersion, toBe: try rows.first?.get("version") ?? 0)
                }
                let rows = try await transaction.query(
                    """
                    INSERT INTO agent_state (company_id, agent_name, subject_kind, subject_id, state)
                    VALUES (\(scope.companyId), \(agent), \(subject.kind), \(subject.id(in: scope.companyId)),
                        \(state.postgres))
                    ON CONFLICT (company_id, subject_kind, subject_id, agent_name) DO UPDATE
                        SET state = excluded.state, version = agent_state.version + 1, updated_at = now()
                    RETURNING \(fragment: Self.columns)
                    """)
                return try AgentState(try rows.one())
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw NotFound(subject.kind)
        }
    }

    /// Forgets the state; fine when there is none.
    public func delete(_ scope: TenantScope, agent: String, subject: Subject? = nil) async throws {
        let subject = try scope.reach(subject)
        _ = try await client.query(
            "DELETE FROM agent_state WHERE \(fragment: Self.row(scope, agent, subject))", settings: scope.settings)
    }

    private static func row(_ scope: TenantScope, _ agent: String, _ subject: Subject) -> SQL {
        """
        company_id = \(scope.companyId) AND subject_kind = \(subject.kind)
            AND subject_id = \(subject.id(in: scope.companyId)) AND agent_name = \(agent)
        """
    }
}

extension TenantScope {
    /// The subject whose state and memories are meant: the caller's own when none is given. Only the company's own work
    /// reaches other people's; what belongs to the whole company also those who may change agents.
    func reach(_ subject: Subject?) throws(Forbidden) -> Subject {
        let own: Subject? =
            switch caller {
            case .member(let userId, _, _): .user(userId)
            case .visitor(let customerId): .customer(customerId)
            case .apiKey: .company
            case .worker: nil
            }
        switch (subject, own) {
        case (nil, let own?): return own
        case (let subject?, let own) where subject == own: return subject
        case (let subject?, _) where caller == .worker: return subject
        case (.company?, _) where allows(.agentsWrite): return .company
        case (nil, nil): throw Forbidden("it has to be said whose state is meant")
        default: throw Forbidden("this belongs to somebody else")
        }
    }
}

extension AgentState {
    init(_ row: PostgresRow) throws {
        self.init(
            agentName: try row.get("agent_name"), state: try row.object("state"), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
