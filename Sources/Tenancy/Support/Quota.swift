import Postgres

extension PostgresTransaction {
    /// Locks the company's row until the end of the transaction, so that what is counted here stays true. References
    /// to the company can still be made meanwhile.
    func lockCompany(_ scope: TenantScope) async throws {
        let rows = try await query("SELECT id FROM companies WHERE id = \(scope.companyId) FOR NO KEY UPDATE")
        if rows.isEmpty { throw NotFound("company") }
    }

    /// Stops the caller when the company already has as many rows in `table` as its plan allows.
    func requireQuota(_ figure: PlanFigure, of limits: PlanLimits, table: String, _ scope: TenantScope) async throws {
        try limits.allowOneMore(figure, having: try await count(table, upTo: limits[figure], scope))
    }

    /// Stops the caller when the company already has `limit` rows in `table`.
    /// - Parameter name: what they are called for people.
    func requireRoom(for name: String, limit: Int, table: String, _ scope: TenantScope) async throws {
        guard try await count(table, upTo: limit, scope) < limit else {
            throw QuotaExceeded(figure: name, limit: limit)
        }
    }

    private func count(_ table: String, upTo limit: Int, _ scope: TenantScope) async throws -> Int {
        try await lockCompany(scope)
        let rows = try await query(
            """
            SELECT count(*) AS count FROM (
                SELECT FROM \(raw: table) WHERE company_id = \(scope.companyId) LIMIT \(limit)) AS counted
            """)
        return try rows.one().get("count")
    }
}
