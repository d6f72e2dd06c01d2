public import Foundation
import JSON
public import Postgres

/// What webhooks told and is still to be worked off: kept before the webhook is answered, worked off by whatever process.
///
/// An event is handed out by ``due(limit:)`` to one caller at a time, and again when that one has not said within a minute
/// what became of it. Of events of one lane only the first is handed out.
public struct ChannelEventStore: Sendable {
    let client: PostgresClient

    /// How long an event belongs to whom it was handed out, in seconds.
    public static let leaseSeconds = 60.0
    /// After so many tries an event is given up.
    public static let maximumAttempts = 12
    /// How long worked-off events are remembered, so that a late repetition is known: a provider repeats for days.
    public static let retentionDays = 14

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    /// Keeps events of a channel; those that are there already stay as they are.
    /// - Returns: how many are new.
    /// - Throws: ``NotFound`` when the channel is gone or its company not active; `PostgresError`.
    public func keep(_ opened: OpenedChannel, _ events: [ChannelEvent.Draft]) async throws -> Int {
        let channel = opened.channel
        guard !events.isEmpty else { return 0 }
        return try await client.transaction(settings: opened.scope.settings) { transaction in
            let active = try await transaction.query(
                "SELECT 1 AS one FROM companies WHERE id = \(channel.companyId) AND active")
            if active.isEmpty { throw NotFound("channel") }
            var new = 0
            // In pieces, so that no statement has too many parameters.
            for start in stride(from: 0, to: events.count, by: 200) {
                let rows = events[start..<min(start + 200, events.count)].map { event -> SQL in
                    """
                    (\(channel.companyId), \(channel.id), \(event.kind.rawValue), \(event.key), \(event.lane),
                        \(event.payload.postgres)::jsonb)
                    """
                }
                let statement: SQL =
                    "INSERT INTO channel_events (company_id, channel_id, kind, key, lane, payload) VALUES "
                new += try await transaction.query(
                    statement + rows.joined(separator: ", ") + " ON CONFLICT (company_id, channel_id, key) DO NOTHING"
                ).affected
            }
            return new
        }
    }

    /// Up to `limit` (1 to 200) events that are due, of all companies.
    public func due(limit: Int) async throws -> [ChannelEvent] {
        let rows = try await client.query(
            """
            UPDATE channel_events SET attempts = attempts + 1,
                due_at = now() + make_interval(secs => \(Self.leaseSeconds))
            WHERE (company_id, number) IN (
                SELECT company_id, number FROM channel_events AS event
                WHERE state = 'pending' AND due_at <= now() AND NOT EXISTS (
                    SELECT FROM channel_events AS earlier
                    WHERE earlier.company_id = event.company_id AND earlier.channel_id = event.channel_id
                        AND earlier.lane = event.lane AND earlier.state = 'pending' AND earlier.number < event.number)
                ORDER BY due_at, number LIMIT \(min(max(limit, 1), 200)) FOR UPDATE SKIP LOCKED)
            RETURNING company_id, number, channel_id, kind, payload, conversation_id, attempts, received_at
            """, settings: .sweeper)
        return try rows.map(ChannelEvent.init).sorted { $0.number < $1.number }
    }

    /// Decides into which conversation an event goes, before it does.
    public func pin(_ event: ChannelEvent, to conversationId: UUID?) async throws {
        _ = try await client.query(
            """
            UPDATE channel_events SET conversation_id = \(conversationId)
            WHERE company_id = \(event.companyId) AND number = \(event.number)
            """, settings: event.scope.settings)
    }

    /// An event is worked off; what was told is forgotten.
    public func done(_ event: ChannelEvent) async throws {
        _ = try await client.query(
            """
            UPDATE channel_events SET state = 'done', payload = NULL, last_error = NULL
            WHERE company_id = \(event.companyId) AND number = \(event.number) AND state = 'pending'
            """, settings: event.scope.settings)
    }

    /// An event could not be worked off: it is due again after `seconds`, or given up after its last try.
    /// - Parameter error: why, without what was told; at most 500 characters.
    public func again(_ event: ChannelEvent, after seconds: Double, error: String?) async throws {
        let error = error.map { String($0.prefix(500)) }
        _ = try await client.query(
            """
            UPDATE channel_events SET due_at = now() + make_interval(secs => \(seconds)), last_error = \(error),
                state = CASE WHEN attempts >= \(Self.maximumAttempts) THEN 'failed' ELSE state END
            WHERE company_id = \(event.companyId) AND number = \(event.number) AND state = 'pending'
                AND attempts = \(event.attempts)
            """, settings: event.scope.settings)
    }

    /// Forgets worked-off events that nobody will repeat.
    /// - Returns: how many.
    public func prune() async throws -> Int {
        try await client.query(
            """
            DELETE FROM channel_events WHERE (company_id, number) IN (
                SELECT company_id, number FROM channel_events WHERE state <> 'pending'
                    AND received_at < now() - make_interval(days => \(Self.retentionDays)) LIMIT 5000)
            """, settings: .sweeper
        ).affected
    }
}

extension ChannelEvent {
    init(_ row: PostgresRow) throws {
        self.init(
            number: try row.get("number"), companyId: try row.get("company_id"), channelId: try row.get("channel_id"),
            kind: Kind(rawValue: try row.get("kind")) ?? .message, payload: try row.object("payload"),
            conversationId: try row.get("conversation_id"), attempts: try row.get("attempts"),
            receivedAt: try row.get("received_at"))
    }
}
