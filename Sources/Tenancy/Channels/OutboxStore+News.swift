public import Foundation
import Postgres

extension OutboxStore {
    /// Notes what a provider says of something that was sent. It never goes back: who has read it has received it.
    /// - Returns: what the news is about, and whether it changed anything; nil when nothing of ours is known by it.
    public func note(
        _ scope: TenantScope, _ channel: Channel, _ news: DeliveryNews
    ) async throws -> (entry: OutboxEntry, isChanged: Bool)? {
        try ContactStore.require(scope)
        let known = try await client.query(
            """
            SELECT \(fragment: OutboxEntry.columns) FROM channel_outbox
            WHERE company_id = \(scope.companyId) AND channel_id = \(channel.id)
                AND (provider_id = \(news.providerId) OR id = \(news.entryId))
            ORDER BY id = \(news.entryId) DESC NULLS LAST LIMIT 1
            """, settings: scope.settings
        ).first.map(OutboxEntry.init)
        guard let entry = known else { return nil }
        guard let from = Self.before(news.state) else { return (entry, false) }
        let changed = try await client.query(
            """
            UPDATE channel_outbox SET \(fragment: Self.values(news)),
                error_code = \(news.errorCode.map { String($0.prefix(40)) }),
                error = \(news.error.map { String($0.prefix(300)) }),
                changes = changes + 1, shown = false, updated_at = now()
            WHERE company_id = \(scope.companyId) AND id = \(entry.id) AND state = ANY(\(from.map(\.rawValue)))
                AND NOT (\(news.state == .sent) AND state = 'held' AND error_code IS NOT NULL)
            """, settings: scope.settings)
        return (entry, changed.affected == 1)
    }

    /// What is sent may still be held back, by a provider that takes first and looks then; then it is to be sent anew.
    private static func values(_ news: DeliveryNews) -> SQL {
        switch news.state {
        case .held: "state = CASE kind WHEN 'text' THEN 'held' ELSE 'failed' END, provider_id = NULL"
        case .sent: "state = 'sent', provider_id = coalesce(provider_id, \(news.providerId))"
        default:
            """
            state = \(news.state.rawValue), provider_id = coalesce(provider_id, \(news.providerId)), body = NULL
            """
        }
    }

    /// From where a state can be reached by a provider's word; nil for what no provider says.
    private static func before(_ state: OutboxEntry.State) -> [OutboxEntry.State]? {
        switch state {
        case .sent: [.queued, .sending, .held]
        case .delivered: [.queued, .sending, .held, .sent, .failed]
        case .read: [.queued, .sending, .held, .sent, .failed, .delivered]
        case .failed, .held: [.queued, .sending, .sent]
        case .queued, .sending, .dropped: nil
        }
    }

    /// How the parts of a message fared.
    public func summary(_ scope: TenantScope, of messageId: UUID) async throws -> OutboxSummary {
        try ContactStore.require(scope)
        let rows = try await client.query(
            """
            SELECT id::text || ':' || changes AS key, state, error FROM channel_outbox
            WHERE company_id = \(scope.companyId) AND message_id = \(messageId) AND kind = 'text' ORDER BY part
            """, settings: scope.settings)
        return OutboxSummary(
            parts: try rows.map { row in
                OutboxSummary.Part(
                    key: try row.get("key"), state: OutboxEntry.State(rawValue: try row.get("state")) ?? .failed,
                    error: try row.get("error"))
            })
    }

    /// The message shows how its parts fared, as far as ``summary(_:of:)`` told it.
    public func noteShown(_ scope: TenantScope, _ messageId: UUID, _ summary: OutboxSummary) async throws {
        try ContactStore.require(scope)
        _ = try await client.query(
            """
            UPDATE channel_outbox SET shown = true WHERE company_id = \(scope.companyId)
                AND message_id = \(messageId) AND (kind = 'template'
                    OR id::text || ':' || changes = ANY(\(summary.parts.map(\.key))))
            """, settings: scope.settings)
    }

    /// Messages of all companies that a dead process left without showing how they fared, at most 100.
    public func unshown(
        olderThan seconds: Double
    ) async throws -> [(companyId: UUID, conversationId: UUID, messageId: UUID)] {
        try await client.query(
            """
            SELECT DISTINCT company_id, conversation_id, message_id FROM channel_outbox
            WHERE NOT shown AND updated_at < now() - make_interval(secs => \(seconds)) LIMIT 100
            """, settings: .sweeper
        ).map { (try $0.get("company_id"), try $0.get("conversation_id"), try $0.get("message_id")) }
    }
}
