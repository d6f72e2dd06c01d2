import Postgres

extension Channel {
    static let columns: SQL = """
        channels.company_id, channels.id, channels.kind, channels.name, channels.address, channels.reply_address,
        channels.agent, channels.template_name, channels.template_language, channels.enabled, channels.status,
        channels.last_error, channels.version, channels.created_at, channels.updated_at
        """

    init(_ row: PostgresRow) throws {
        guard let kind = Kind(rawValue: try row.get("kind")) else {
            throw PostgresError(.decoding, message: "unknown kind of channel")
        }
        let template: String? = try row.get("template_name")
        let language: String? = try row.get("template_language")
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), kind: kind, name: try row.get("name"),
            address: try row.get("address"), replyAddress: try row.get("reply_address"), agent: try row.get("agent"),
            template: template.flatMap { name in language.map { Template(name: name, language: $0) } },
            enabled: try row.get("enabled"),
            // An unknown word is read as the one that sends nothing.
            status: Status(rawValue: try row.get("status")) ?? .paused, lastError: try row.get("last_error"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
