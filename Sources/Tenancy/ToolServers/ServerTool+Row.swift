import Postgres

extension ServerTool {
    /// The columns under names that a join with the servers leaves distinct.
    static let columns: SQL = """
        server_id, mcp_tools.name AS tool_name, exposed_name, description, input_schema, annotations, definition_hash,
        approved_hash, mcp_tools.enabled AS tool_enabled, available, mcp_tools.updated_at AS tool_updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            serverId: try row.get("server_id"), name: try row.get("tool_name"),
            exposedName: try row.get("exposed_name"),
            description: try row.get("description"), inputSchema: try row.object("input_schema"),
            annotations: try row.object("annotations"), definitionHash: try row.get("definition_hash"),
            approvedHash: try row.get("approved_hash"), enabled: try row.get("tool_enabled"),
            available: try row.get("available"), updatedAt: try row.get("tool_updated_at"))
    }
}
