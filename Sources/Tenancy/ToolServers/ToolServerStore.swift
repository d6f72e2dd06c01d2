public import Egress
public import Foundation
public import Postgres

/// The MCP servers of companies, for those who may change agents.
///
/// Methods throw ``Forbidden``, ``NotFound`` for an absent or foreign id, ``InvalidFields``, ``StoreConflict``,
/// ``VersionMismatch``, ``SecretBox/Failure``, and `PostgresError`.
public struct ToolServerStore: Sendable {
    let client: PostgresClient
    let secrets: SecretBox
    let rules: EgressRules

    /// How many servers a company may have.
    public static let limit = 20

    /// A store on `client` that seals secrets with `secrets` and takes addresses that `rules` allow.
    public init(_ client: PostgresClient, secrets: SecretBox, rules: EgressRules) {
        self.client = client
        self.secrets = secrets
        self.rules = rules
    }

    private static let conflicts = [
        "mcp_servers_slug_key": StoreConflict(
            field: "slug", code: "taken", message: "another MCP server of the company has this slug")
    ]

    /// What a secret is sealed for: the company and the row.
    private func owner(_ scope: TenantScope, _ id: UUID) -> String {
        "mcp:\(scope.companyId.lowercased):\(id.lowercased)"
    }

    private func seal(_ secret: String, _ scope: TenantScope, _ id: UUID) throws -> String {
        try secrets.seal(Array(secret.utf8), for: owner(scope, id))
    }

    /// Adds a server.
    /// - Parameter id: for a request that may be run again after a crash; the row of the first run is returned then.
    /// - Throws: also ``QuotaExceeded`` beyond ``limit``.
    public func create(_ scope: TenantScope, _ draft: ToolServerDraft, id: UUID? = nil) async throws -> ToolServer {
        try scope.require(.agentsWrite)
        try draft.checks(rules).check()
        let row = id ?? UUID.v7()
        let secret = try draft.secret.map { try seal($0, scope, row) }
        return try await once(id, primaryKey: "mcp_servers_pkey", existing: { try await find(scope, $0) }) {
            try await translating(Self.conflicts) {
                try await client.transaction(settings: scope.settings) { transaction in
                    try await transaction.requireRoom(
                        for: "MCP servers", limit: Self.limit, table: "mcp_servers", scope)
                    let rows = try await transaction.query(
                        """
                        INSERT INTO mcp_servers (company_id, id, name, slug, url, auth_kind, auth_header, secret, trusted,
                            approval, enabled, timeout_seconds, created_by)
                        VALUES (\(scope.companyId), \(row), \(draft.name), \(draft.slug), \(draft.url),
                            \(draft.authentication.kind), \(draft.authentication.header), \(secret), \(draft.trusted),
                            \(draft.approval.rawValue), \(draft.enabled), \(draft.timeoutSeconds), \(scope.userId))
                        RETURNING \(fragment: ToolServer.columns)
                        """)
                    return try ToolServer(try rows.one())
                }
            }
        }
    }

    /// A page of the company's servers, newest first.
    public func list(_ scope: TenantScope, page: PageRequest = PageRequest()) async throws -> Page<ToolServer> {
        try scope.require(.agentsWrite)
        let filter: SQL = "company_id = \(scope.companyId)"
        return try await client.newestFirst(
            ToolServer.columns, of: "mcp_servers", where: filter, page, scope, id: \.id, ToolServer.init)
    }

    /// The server, or `nil`.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> ToolServer? {
        try scope.require(.agentsWrite)
        return try await client.query(
            """
            SELECT \(fragment: ToolServer.columns) FROM mcp_servers WHERE company_id = \(scope.companyId) AND id = \(id)
            """, settings: scope.settings
        ).first.map(ToolServer.init)
    }

    /// The server.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> ToolServer {
        guard let server = try await find(scope, id) else { throw NotFound("MCP server") }
        return server
    }

    /// Changes the fields that are given. A new address makes it another server: its tools have to be approved again.
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: ToolServerPatch, ifVersion: Int? = nil
    ) async throws -> ToolServer {
        try scope.require(.agentsWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let old = try await transaction.lockedServer(scope, id)
            try require(ifVersion, toBe: old.version)
            let draft = patch.applied(to: ToolServerDraft(old))
            try draft.checks(rules, stored: old).check()
            let secret = try draft.secret.map { try seal($0, scope, id) }
            let moved = draft.url != old.url
            if moved {
                _ = try await transaction.query(
                    """
                    UPDATE mcp_tools SET approved_hash = NULL, approved_by = NULL, updated_at = now()
                    WHERE company_id = \(scope.companyId) AND server_id = \(id)
                    """)
            }
            let rows = try await transaction.query(
                """
                UPDATE mcp_servers SET name = \(draft.name), url = \(draft.url), auth_kind = \(draft.authentication.kind),
                    auth_header = \(draft.authentication.header), trusted = \(draft.trusted),
                    secret = CASE WHEN \(draft.authentication == .none) THEN NULL ELSE coalesce(\(secret), secret) END,
                    approval = \(draft.approval.rawValue), enabled = \(draft.enabled),
                    timeout_seconds = \(draft.timeoutSeconds), version = version + 1, updated_at = now(),
                    era = CASE WHEN \(moved) THEN 'unknown' ELSE era END,
                    health = CASE WHEN \(moved) THEN 'unknown' ELSE health END,
                    fresh_until = CASE WHEN \(moved) THEN NULL ELSE fresh_until END
                WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING \(fragment: ToolServer.columns)
                """)
            return try ToolServer(try rows.one())
        }
    }

    /// Removes the server with its tools and its secret.
    public func delete(_ scope: TenantScope, _ id: UUID) async throws {
        try scope.require(.agentsWrite)
        let rows = try await client.query(
            "DELETE FROM mcp_servers WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING id",
            settings: scope.settings)
        if rows.isEmpty { throw NotFound("MCP server") }
    }

    /// The header fields that carry the server's secret, for the one who talks to it; they go nowhere else.
    public func credentials(_ scope: TenantScope, _ server: ToolServer) async throws -> [(name: String, value: String)]
    {
        try scope.require(.agentsWrite)
        guard server.authentication != .none else { return [] }
        let rows = try await client.query(
            "SELECT secret FROM mcp_servers WHERE company_id = \(scope.companyId) AND id = \(server.id)",
            settings: scope.settings)
        guard let sealed = try rows.first?.get("secret", as: String?.self) else { throw NotFound("MCP server") }
        let secret = String(decoding: try secrets.open(sealed, for: owner(scope, server.id)), as: UTF8.self)
        return [server.authentication.header.map { ($0, secret) } ?? ("Authorization", "Bearer \(secret)")]
    }
}

extension PostgresTransaction {
    /// The server's row, kept from everybody else until the end of the transaction.
    func lockedServer(_ scope: TenantScope, _ id: UUID) async throws -> ToolServer {
        let rows = try await query(
            """
            SELECT \(fragment: ToolServer.columns) FROM mcp_servers
            WHERE company_id = \(scope.companyId) AND id = \(id) FOR UPDATE
            """)
        guard let row = rows.first else { throw NotFound("MCP server") }
        return try ToolServer(row)
    }
}
