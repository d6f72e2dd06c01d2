import Postgres

extension ToolServer {
    static let columns: SQL = """
        mcp_servers.company_id, mcp_servers.id, mcp_servers.name, slug, url, auth_kind, auth_header, trusted, approval,
        mcp_servers.enabled, timeout_seconds, era, protocol_version, health, last_error, checked_at, fresh_until, version,
        mcp_servers.created_at, mcp_servers.updated_at
        """

    init(_ row: PostgresRow) throws {
        let kind: String = try row.get("auth_kind")
        let header: String? = try row.get("auth_header")
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), name: try row.get("name"),
            slug: try row.get("slug"), url: try row.get("url"),
            authentication: header.map { .header($0) } ?? (kind == "bearer" ? .bearer : .none),
            trusted: try row.get("trusted"),
            // An unknown word is read as the strictest.
            approval: Approval(rawValue: try row.get("approval")) ?? .always, enabled: try row.get("enabled"),
            timeoutSeconds: try row.get("timeout_seconds"), era: try row.get("era"),
            protocolVersion: try row.get("protocol_version"),
            health: Health(rawValue: try row.get("health")) ?? .unknown, lastError: try row.get("last_error"),
            checkedAt: try row.get("checked_at"), freshUntil: try row.get("fresh_until"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
