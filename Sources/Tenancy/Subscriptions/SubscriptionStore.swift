public import Postgres

/// The subscriptions of companies.
public struct SubscriptionStore: Sendable {
    let client: PostgresClient
    let plans: PlanTable

    /// A store on `client` that knows the limits of `plans`.
    public init(_ client: PostgresClient, plans: PlanTable = .standard) {
        self.client = client
        self.plans = plans
    }

    private static let columns: SQL = "company_id, plan, status, version, created_at, updated_at"

    /// The company's subscription.
    /// - Throws: ``Forbidden``, ``NotFound`` when the company is gone, `PostgresError`.
    public func get(_ scope: TenantScope) async throws -> Subscription {
        try scope.require(.subscriptionRead)
        let rows = try await client.query(
            "SELECT \(fragment: Self.columns) FROM subscriptions WHERE company_id = \(scope.companyId)",
            settings: scope.settings)
        guard let row = rows.first else { throw NotFound("subscription") }
        return try Subscription(row, plans)
    }

    /// Sets plan and status; without a status it becomes `active`. The company's own fields follow.
    /// - Throws: ``Forbidden``, ``NotFound``, ``VersionMismatch``, `PostgresError`.
    public func put(
        _ scope: TenantScope, plan: SubscriptionPlan, status: SubscriptionStatus = .active, ifVersion: Int? = nil
    ) async throws -> Subscription {
        try scope.require(.subscriptionWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                "SELECT version FROM subscriptions WHERE company_id = \(scope.companyId) FOR NO KEY UPDATE")
            guard let row = rows.first else { throw NotFound("subscription") }
            try require(ifVersion, toBe: try row.get("version"))
            let changed = try await transaction.query(
                """
                UPDATE subscriptions SET plan = \(plan.rawValue), status = \(status.rawValue),
                    version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) RETURNING \(fragment: Self.columns)
                """)
            return try Subscription(try changed.one(), plans)
        }
    }
}

extension SubscriptionPlan: PostgresDecodable {}
extension SubscriptionStatus: PostgresDecodable {}

extension Subscription {
    init(_ row: PostgresRow, _ plans: PlanTable) throws {
        let plan = try row.get("plan", as: SubscriptionPlan.self)
        let status = try row.get("status", as: SubscriptionStatus.self)
        self.init(
            companyId: try row.get("company_id"), plan: plan, status: status, limits: plans.limits(plan, status),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
