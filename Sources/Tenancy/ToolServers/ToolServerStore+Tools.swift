public import Foundation
import JSON
import Postgres

extension ToolServerStore {
    /// A page of a server's tools, by name.
    public func tools(
        _ scope: TenantScope, of serverId: UUID, page: PageRequest = PageRequest()
    ) async throws -> Page<ServerTool> {
        _ = try await get(scope, serverId)
        var filter: SQL = "company_id = \(scope.companyId) AND server_id = \(serverId)"
        if let cursor = try page.place(list: "mcp-tools") { filter += " AND name > \(cursor.values[0])" }
        let rows = try await client.query(
            """
            SELECT \(fragment: ServerTool.columns) FROM mcp_tools WHERE \(fragment: filter)
            ORDER BY name LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map(ServerTool.init), limit: page.limit) {
            Cursor(list: "mcp-tools", values: [$0.name])
        }
    }

    /// Approves a definition, withdraws an approval, or switches a tool on or off.
    /// - Parameters:
    ///   - approvedHash: the hash of the definition that was read; `nil` inside withdraws the approval.
    /// - Throws: ``StoreConflict`` when the definition is another one by now.
    public func change(
        _ scope: TenantScope, _ serverId: UUID, tool name: String, approvedHash: FieldChange<String?> = .keep,
        enabled: FieldChange<Bool> = .keep
    ) async throws -> ServerTool {
        try scope.require(.agentsWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let here: SQL = "company_id = \(scope.companyId) AND server_id = \(serverId) AND name = \(name)"
            let rows = try await transaction.query(
                "SELECT \(fragment: ServerTool.columns) FROM mcp_tools WHERE \(fragment: here) FOR UPDATE")
            guard let old = try rows.first.map(ServerTool.init) else { throw NotFound("tool") }
            var hash = old.approvedHash
            var isEnabled = old.enabled
            approvedHash.apply(to: &hash)
            enabled.apply(to: &isEnabled)
            if case .set(let new?) = approvedHash, new != old.definitionHash {
                throw StoreConflict(
                    field: "approvedHash", code: "changed",
                    message: "the tool's definition is another one; read it again and approve its hash")
            }
            let changed = try await transaction.query(
                """
                UPDATE mcp_tools SET approved_hash = \(hash), enabled = \(isEnabled), updated_at = now(),
                    approved_by = CASE WHEN \(hash)::text IS NULL THEN NULL
                        WHEN \(hash)::text IS DISTINCT FROM approved_hash THEN \(scope.userId) ELSE approved_by END
                WHERE \(fragment: here) RETURNING \(fragment: ServerTool.columns)
                """)
            return try ServerTool(try changed.one())
        }
    }

    /// Keeps what a server listed. A tool whose definition differs from the approved one stops to work with that; one
    /// that is not listed any more is kept only while an approval hangs on it.
    /// - Parameters:
    ///   - isComplete: whether the list was read to its end; otherwise nothing is taken to be gone.
    ///   - url: where the list came from; it is dropped when the server has moved meanwhile.
    public func save(
        _ scope: TenantScope, _ tools: [ServerToolDraft], of serverId: UUID, from url: String, isComplete: Bool,
        era: String, protocolVersion: String?, freshFor: Duration
    ) async throws -> ToolServer {
        try scope.require(.agentsWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let server = try await transaction.lockedServer(scope, serverId)
            guard server.url == url else { return server }
            if isComplete {
                _ = try await transaction.query(
                    """
                    UPDATE mcp_tools SET available = false, updated_at = now()
                    WHERE company_id = \(scope.companyId) AND server_id = \(serverId) AND available
                        AND NOT name = ANY(\(tools.map(\.name)))
                    """)
            }
            for tool in tools { try await transaction.save(tool, scope, serverId) }
            _ = try await transaction.query(
                """
                DELETE FROM mcp_tools WHERE company_id = \(scope.companyId) AND server_id = \(serverId)
                    AND NOT available AND approved_hash IS NULL
                """)
            let rows = try await transaction.query(
                """
                UPDATE mcp_servers SET era = \(era), protocol_version = \(protocolVersion), health = 'ok',
                    last_error = NULL, checked_at = now(),
                    fresh_until = now() + make_interval(secs => \(Double(freshFor.components.seconds)))
                WHERE company_id = \(scope.companyId) AND id = \(serverId) RETURNING \(fragment: ToolServer.columns)
                """)
            return try ToolServer(try rows.one())
        }
    }

    /// Notes that a talk with the server went wrong.
    /// - Parameter message: what went wrong, of which 500 characters are kept.
    public func noteFailure(_ scope: TenantScope, _ serverId: UUID, _ message: String) async throws -> ToolServer {
        try scope.require(.agentsWrite)
        let rows = try await client.query(
            """
            UPDATE mcp_servers SET health = 'failing', last_error = \(String(message.prefix(250))), era = 'unknown'
            WHERE company_id = \(scope.companyId) AND id = \(serverId) RETURNING \(fragment: ToolServer.columns)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("MCP server") }
        return try ToolServer(row)
    }

    /// The tools that may be called, by the names under which models know them.
    /// - Parameter names: these only; `nil` for all.
    public func usable(_ scope: TenantScope, named names: [String]? = nil) async throws -> [UsableTool] {
        try scope.require(.agentsWrite)
        if let names, names.isEmpty { return [] }
        var filter: SQL = """
            mcp_tools.company_id = \(scope.companyId) AND mcp_servers.enabled AND mcp_tools.enabled AND available
                AND approved_hash = definition_hash
            """
        if let names { filter += " AND exposed_name = ANY(\(names))" }
        let rows = try await client.query(
            """
            SELECT \(fragment: ToolServer.columns), \(fragment: ServerTool.columns) FROM mcp_tools
            JOIN mcp_servers ON mcp_servers.company_id = mcp_tools.company_id AND mcp_servers.id = server_id
            WHERE \(fragment: filter) ORDER BY exposed_name LIMIT 500
            """, settings: scope.settings)
        return try rows.map { UsableTool(server: try ToolServer($0), tool: try ServerTool($0)) }
    }
}

extension PostgresTransaction {
    fileprivate func save(_ tool: ServerToolDraft, _ scope: TenantScope, _ serverId: UUID) async throws {
        _ = try await query(
            """
            INSERT INTO mcp_tools (company_id, server_id, name, exposed_name, description, input_schema, annotations,
                definition_hash)
            VALUES (\(scope.companyId), \(serverId), \(tool.name), \(tool.exposedName), \(tool.description),
                \(tool.inputSchema.postgres), \(tool.annotations.postgres), \(tool.hash))
            ON CONFLICT (company_id, server_id, name) DO UPDATE SET exposed_name = excluded.exposed_name,
                description = excluded.description, input_schema = excluded.input_schema,
                annotations = excluded.annotations, definition_hash = excluded.definition_hash, available = true,
                updated_at = CASE WHEN mcp_tools.definition_hash = excluded.definition_hash AND mcp_tools.available
                    THEN mcp_tools.updated_at ELSE now() END
            """)
    }
}
