import Foundation
import JSON
public import Postgres

/// What agents of companies used. Counted when turns are recorded, by ``AgentLogStore``.
public struct UsageStore: Sendable {
    /// By what usage is taken apart.
    public enum Group: String, Sendable, Hashable, CaseIterable {
        /// A part for each day.
        case day
        /// … for each agent.
        case agent
        /// … for each channel.
        case channel
    }

    let client: PostgresClient

    /// The longest time that is read at once, in days.
    public static let longest = 400

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let sums: SQL = """
        coalesce(sum(turns), 0)::bigint AS turns, coalesce(sum(model_turns), 0)::bigint AS model_turns,
        coalesce(sum(tokens_in), 0)::bigint AS tokens_in, coalesce(sum(tokens_out), 0)::bigint AS tokens_out,
        coalesce(sum(cost_micros), 0)::bigint AS cost_micros, coalesce(sum(handoffs), 0)::bigint AS handoffs,
        coalesce(sum(fallbacks), 0)::bigint AS fallbacks, coalesce(sum(failures), 0)::bigint AS failures
        """

    /// The usage from one day to another, both included.
    /// - Throws: ``Forbidden``, `PostgresError`.
    public func total(_ scope: TenantScope, from: UsageDay, to: UsageDay) async throws -> Usage {
        try scope.require(.agentLogsRead)
        return try Usage(
            try await client.query(
                """
                SELECT \(fragment: Self.sums) FROM usage_daily
                WHERE company_id = \(scope.companyId) AND day BETWEEN \(from)::date AND \(to)::date
                """, settings: scope.settings
            ).one())
    }

    /// The usage from one day to another, taken apart; parts in which nothing happened are left out. At most 1,000.
    /// - Throws: ``Forbidden``, `PostgresError`.
    public func parts(
        _ scope: TenantScope, from: UsageDay, to: UsageDay, by group: Group
    ) async throws -> [UsagePart] {
        try scope.require(.agentLogsRead)
        let key: SQL =
            switch group {
            case .day: "day::text"
            case .agent: "agent_name"
            case .channel: "channel"
            }
        return try await client.query(
            """
            SELECT \(fragment: key) AS key, \(fragment: Self.sums) FROM usage_daily
            WHERE company_id = \(scope.companyId) AND day BETWEEN \(from)::date AND \(to)::date
            GROUP BY 1 ORDER BY 1 LIMIT 1000
            """, settings: scope.settings
        ).map { UsagePart(key: try $0.get("key"), usage: try Usage($0)) }
    }
}

extension Usage {
    init(_ row: PostgresRow) throws {
        self.init()
        turns = try row.get("turns")
        modelTurns = try row.get("model_turns")
        tokensIn = try row.get("tokens_in")
        tokensOut = try row.get("tokens_out")
        costMicros = try row.get("cost_micros")
        handoffs = try row.get("handoffs")
        fallbacks = try row.get("fallbacks")
        failures = try row.get("failures")
    }
}
