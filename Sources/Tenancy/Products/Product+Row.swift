import Postgres

extension Product {
    static let columns: SQL = """
        company_id, id, name, description, sku, price_cents, currency, active, metadata, version, created_at, updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), name: try row.get("name"),
            description: try row.get("description"), sku: try row.get("sku"), priceCents: try row.get("price_cents"),
            currency: try row.get("currency"), active: try row.get("active"), metadata: try row.object("metadata"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
