import Foundation
import Postgres

/// What a model took outside of a turn.
public struct UsageShare: Sendable, Hashable {
    /// The agent for which it was asked.
    public var agent: String
    /// The conversation's platform.
    public var channel: String
    /// Tokens read.
    public var tokensIn: Int64
    /// Tokens written.
    public var tokensOut: Int64
    /// Millionths of a US dollar.
    public var costMicros: Int64

    /// A share.
    public init(agent: String, channel: String, tokensIn: Int64, tokensOut: Int64, costMicros: Int64) {
        self.agent = agent
        self.channel = channel
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.costMicros = costMicros
    }
}

extension UsageStore {
    /// Counts what a model took outside of a turn: tokens and cost, and no turn. Only the company's own work may.
    /// - Throws: ``Forbidden``, `PostgresError`.
    public func add(_ share: UsageShare, _ scope: TenantScope, at date: Date = Date()) async throws {
        guard scope.caller == .worker else { throw Forbidden("usage is counted by the company's own work") }
        _ = try await client.query(
            """
            INSERT INTO usage_daily (company_id, day, agent_name, channel, tokens_in, tokens_out, cost_micros)
            VALUES (\(scope.companyId), \(UsageDay(date))::date, \(share.agent), \(share.channel),
                \(max(0, share.tokensIn)), \(max(0, share.tokensOut)), \(max(0, share.costMicros)))
            ON CONFLICT (company_id, day, agent_name, channel) DO UPDATE SET
                tokens_in = usage_daily.tokens_in + excluded.tokens_in,
                tokens_out = usage_daily.tokens_out + excluded.tokens_out,
                cost_micros = usage_daily.cost_micros + excluded.cost_micros
            """, settings: scope.settings)
    }
}
