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
        if ifVersion != nil { return try await write(scope, agent, subject, ifVersion) { _ in state } }
        let subject = try scope.reach(subject)
        try Self.checks(agent, state).check()
        return try await translating(subject) {
            let rows = try await client.query(
                """
                INSERT INTO agent_state (company_id, agent_name, subject_kind, subject_id, state)
                VALUES (\(scope.companyId), \(agent), \(subject.kind), \(subject.id(in: scope.companyId)),
                    \(state.postgres))
                ON CONFLICT (company_id, subject_kind, subject_id, agent_name) DO UPDATE
                    SET state = excluded.state, version = agent_state.version + 1, updated_at = now()
                RETURNING \(fragment: Self.columns)
                """, settings: scope.settings)
            return try AgentState(try rows.one())
        }
    }

    /// Lays `patch` over the state (RFC 7396): objects merge, `null` removes, everything else replaces. What comes out
    /// has at most 64 KiB. Two patches at once are both in it.
    /// - Parameter ifVersion: only when this version is stored; 0 for none yet.
    public func merge(
        _ scope: TenantScope, agent: String, _ patch: JSONObject, subject: Subject? = nil, ifVersion: Int? = nil
    ) async throws -> AgentState {
        try await write(scope, agent, subject, ifVersion) { ($0 ?? [:]).merged(with: patch) }
    }

    private func write(
        _ scope: TenantScope, _ agent: String, _ subject: Subject?, _ ifVersion: Int?,
        _ new: @Sendable (JSONObject?) -> JSONObject
    ) async throws -> AgentState {
        let subject = try scope.reach(subject)
        try Self.checks(agent, [:]).check()
        return try await translating(subject) {
            try await client.transaction(settings: scope.settings) { transaction in
                // A row that is not there yet cannot be locked: the first one writes an empty state for all to wait at.
                _ = try await transaction.query(
                    """
                    INSERT INTO agent_state (company_id, agent_name, subject_kind, subject_id, state, version)
                    VALUES (\(scope.companyId), \(agent), \(subject.kind), \(subject.id(in: scope.companyId)), '{}', 0)
                    ON CONFLICT DO NOTHING
                    """)
                let rows = try await transaction.query(
                    """
                    SELECT state, version FROM agent_state WHERE \(fragment: Self.row(scope, agent, subject)) FOR UPDATE
                    """)
                let old = try rows.one()
                let version = try old.get("version", as: Int.self)
                if let ifVersion { try require(ifVersion, toBe: version) }
                let state = new(version == 0 ? nil : try old.object("state"))
                try Self.checks(agent, state).check()
                let written = try await transaction.query(
                    """
                    UPDATE agent_state SET state = \(state.postgres), version = version + 1, updated_at = now()
                    WHERE \(fragment: Self.row(scope, agent, subject)) RETURNING \(fragment: Self.columns)
                    """)
                return try AgentState(try written.one())
            }
        }
    }

    private static func checks(_ agent: String, _ state: JSONObject) -> FieldChecks {
        var checks = FieldChecks()
        checks.text("agentName", agent, 1...32)
        checks.object("state", state)
        return checks
    }

    private func translating<T>(_ subject: Subject, _ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as PostgresError where error.code == .foreignKeyViolation {
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
