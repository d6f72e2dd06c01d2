public import Foundation
import JSON
public import Postgres

/// The record of agents' turns.
public struct AgentLogStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = """
        id, agent_name, conversation_id, trigger_message_id, reply_message_id, state, model, prompt_tokens,
        completion_tokens, cost_micros, latency_ms, tool_calls, error, created_at, agent_version, channel, trigger_kind,
        mode, skill, outcome, confidence, steps, first_token_ms, estimated
        """

    /// Writes the record of a turn. A turn that was recorded already, under the same id or for the same trigger and
    /// agent, stays as it is. Only the company's own work may.
    /// - Returns: whether it is new.
    /// - Throws: ``Forbidden``, `PostgresError`.
    @discardableResult
    public func insert(_ scope: TenantScope, _ log: AgentLog) async throws -> Bool {
        guard scope.caller == .worker else { throw Forbidden("turns are recorded by the company's own work") }
        let error = log.error.map {
            String(String.UnicodeScalarView($0.unicodeScalars.filter { $0 != "\0" }.prefix(1000)))
        }
        let detail = log.detail
        let rows = try await client.query(
            """
            WITH new AS (
                INSERT INTO agent_logs (company_id, id, agent_name, conversation_id, trigger_message_id,
                    reply_message_id, state, model, prompt_tokens, completion_tokens, cost_micros, latency_ms,
                    tool_calls, error, created_at, agent_version, channel, trigger_kind, mode, skill, outcome,
                    confidence, steps, first_token_ms, estimated)
                VALUES (\(scope.companyId), \(log.id), \(log.agentName), \(log.conversationId),
                    \(log.triggerMessageId), \(log.replyMessageId), \(log.state.rawValue), \(log.model),
                    \(max(0, log.promptTokens)), \(max(0, log.completionTokens)), \(max(0, log.costMicros)),
                    \(max(0, log.latencyMs)), \(PostgresJSON(log.toolCalls.encoded)), \(error), \(log.createdAt),
                    \(max(0, detail.agentVersion)), \(detail.channel), \(detail.trigger.map { $0.prefixed(32) }),
                    \(detail.mode?.rawValue), \(detail.skill.map { $0.prefixed(64) }), \(detail.outcome?.rawValue),
                    \(detail.confidence.map { min(max($0, 0), 1) }), \(max(0, detail.steps)),
                    \(detail.firstTokenMs.map { max(0, $0) }), \(detail.isEstimated))
                ON CONFLICT DO NOTHING RETURNING *
            )
            INSERT INTO usage_daily (company_id, day, agent_name, channel, turns, model_turns, tokens_in, tokens_out,
                cost_micros, handoffs, fallbacks, failures)
            SELECT company_id, (created_at AT TIME ZONE 'UTC')::date, agent_name, channel, 1,
                (coalesce(mode, '') = 'llm' AND state = 'replied')::int, prompt_tokens, completion_tokens, cost_micros,
                (state = 'handed_off')::int, (coalesce(outcome, '') = 'fallback')::int, (state = 'failed')::int
            FROM new
            ON CONFLICT (company_id, day, agent_name, channel) DO UPDATE SET
                turns = usage_daily.turns + excluded.turns,
                model_turns = usage_daily.model_turns + excluded.model_turns,
                tokens_in = usage_daily.tokens_in + excluded.tokens_in,
                tokens_out = usage_daily.tokens_out + excluded.tokens_out,
                cost_micros = usage_daily.cost_micros + excluded.cost_micros,
                handoffs = usage_daily.handoffs + excluded.handoffs,
                fallbacks = usage_daily.fallbacks + excluded.fallbacks,
                failures = usage_daily.failures + excluded.failures
            RETURNING day
            """, settings: scope.settings)
        return !rows.isEmpty
    }

    /// A page of the company's turns, newest first, of one agent, conversation or state when given.
    /// - Throws: ``Forbidden``, ``InvalidFields`` for a bad cursor, `PostgresError`.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), agent: String? = nil, conversationId: UUID? = nil,
        state: AgentLog.State? = nil
    ) async throws -> Page<AgentLog> {
        try scope.require(.agentLogsRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let agent { filter += " AND agent_name = \(agent)" }
        if let conversationId { filter += " AND conversation_id = \(conversationId)" }
        if let state { filter += " AND state = \(state.rawValue)" }
        return try await client.newestFirst(
            Self.columns, of: "agent_logs", where: filter, page, scope, id: \.id, AgentLog.init)
    }
}

extension AgentLog.State: PostgresDecodable {}
extension AgentLog.Detail.Mode: PostgresDecodable {}
extension AgentLog.Detail.Outcome: PostgresDecodable {}

extension AgentLog.Detail {
    init(_ row: PostgresRow) throws {
        self.init()
        agentVersion = try row.get("agent_version")
        channel = try row.get("channel")
        trigger = try row.get("trigger_kind")
        mode = try row.get("mode")
        skill = try row.get("skill")
        outcome = try row.get("outcome")
        confidence = try row.get("confidence")
        steps = try row.get("steps")
        firstTokenMs = try row.get("first_token_ms")
        isEstimated = try row.get("estimated")
    }
}

extension String {
    /// At most so many scalars of it, without U+0000.
    fileprivate func prefixed(_ count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "\0" }.prefix(count)))
    }
}

extension AgentLog {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), agentName: try row.get("agent_name"),
            conversationId: try row.get("conversation_id"), triggerMessageId: try row.get("trigger_message_id"),
            replyMessageId: try row.get("reply_message_id"), state: try row.get("state"), model: try row.get("model"),
            promptTokens: try row.get("prompt_tokens"), completionTokens: try row.get("completion_tokens"),
            costMicros: try row.get("cost_micros"), latencyMs: try row.get("latency_ms"),
            toolCalls: try row.json("tool_calls").arrayValue ?? [], error: try row.get("error"),
            createdAt: try row.get("created_at"), detail: try Detail(row))
    }
}
