public import Foundation
import Postgres

extension WebhookDeliveryStore {
    /// A page of what a webhook was told and is to be told, newest first.
    /// - Throws: also ``NotFound``, ``Forbidden``, ``InvalidFields``.
    public func list(
        _ scope: TenantScope, of webhookId: UUID, state: WebhookDelivery.State? = nil,
        page: PageRequest = PageRequest()
    ) async throws -> Page<WebhookDelivery> {
        try scope.require(.webhooksRead)
        let found = try await client.query(
            "SELECT id FROM webhooks WHERE company_id = \(scope.companyId) AND id = \(webhookId)",
            settings: scope.settings)
        if found.isEmpty { throw NotFound("webhook") }
        var filter: SQL = "company_id = \(scope.companyId) AND webhook_id = \(webhookId)"
        if let state { filter += " AND state = \(state.rawValue)" }
        if let cursor = try page.place(list: "webhook-deliveries") {
            guard let position = Int64(cursor.values[0]) else {
                throw InvalidFields("cursor", "invalid", "is not a cursor")
            }
            filter += " AND position < \(position)"
        }
        let rows = try await client.query(
            """
            SELECT \(fragment: WebhookDelivery.columns) FROM webhook_deliveries WHERE \(fragment: filter)
            ORDER BY position DESC LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map(WebhookDelivery.init), limit: page.limit) {
            Cursor(list: "webhook-deliveries", values: [String($0.position)])
        }
    }

    /// One delivery.
    /// - Throws: also ``NotFound``, ``Forbidden``.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> WebhookDelivery {
        try scope.require(.webhooksRead)
        let rows = try await client.query(
            """
            SELECT \(fragment: WebhookDelivery.columns) FROM webhook_deliveries
            WHERE company_id = \(scope.companyId) AND id = \(id)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("delivery") }
        return try WebhookDelivery(row)
    }

    /// Gives up what has waited for too long, switches off webhooks for which too much waits, and forgets what has been
    /// over for days, a part at a time.
    public func sweep() async throws {
        _ = try await client.query(
            """
            UPDATE webhook_deliveries SET state = 'failed', finished_at = now(),
                error = coalesce(error, 'it could not be sent in time')
            WHERE (company_id, id) IN (
                SELECT company_id, id FROM webhook_deliveries
                WHERE state = 'pending' AND created_at < now() - make_interval(days => \(Self.patienceDays)) LIMIT 1000)
            """, settings: .sweeper)
        let reason = "More than \(Self.mostWaiting) events were waiting for it."
        _ = try await client.query(
            """
            UPDATE webhooks SET active = false, disabled_reason = \(reason)
            WHERE active AND failing_since IS NOT NULL AND (
                SELECT count(*) FROM (
                    SELECT FROM webhook_deliveries
                    WHERE webhook_deliveries.company_id = webhooks.company_id AND webhook_id = webhooks.id
                        AND state = 'pending' LIMIT \(Self.mostWaiting + 1)) AS waiting) > \(Self.mostWaiting)
            """, settings: .sweeper)
        _ = try await client.query(
            """
            DELETE FROM webhook_deliveries WHERE (company_id, id) IN (
                SELECT company_id, id FROM webhook_deliveries
                WHERE state <> 'pending' AND finished_at < now() - make_interval(days => \(Self.keptDays)) LIMIT 1000)
            """, settings: .sweeper)
    }
}
