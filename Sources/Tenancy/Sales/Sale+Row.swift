import Postgres

extension Sale.Status: PostgresDecodable {}

extension Sale {
    static let columns: SQL = """
        company_id, id, customer_id, product_id, quantity, amount_cents, currency, status, conversation_id, metadata,
        version, created_at, updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), customerId: try row.get("customer_id"),
            productId: try row.get("product_id"), quantity: try row.get("quantity"),
            amountCents: try row.get("amount_cents"), currency: try row.get("currency"), status: try row.get("status"),
            conversationId: try row.get("conversation_id"), metadata: try row.object("metadata"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
