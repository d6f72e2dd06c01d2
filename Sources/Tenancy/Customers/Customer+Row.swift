import Postgres

extension Customer {
    static let columns: SQL = """
        customers.company_id, customers.id, customers.external_id, customers.name, customers.email, customers.phone,
        customers.metadata, customers.version, customers.created_at, customers.updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), externalId: try row.get("external_id"),
            name: try row.get("name"), email: try row.get("email"), phone: try row.get("phone"),
            metadata: try row.object("metadata"), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
