public import Foundation
import JSON
public import Postgres

/// What webhooks are still to be told, for all companies. Postgres is the truth about it.
///
/// A conversation's deliveries to one webhook are sent one after the other in the order in which they were noted: a claim
/// gives out only the first that is not over. A claim is a lease of a minute; who dies with it loses nothing.
///
/// Methods throw `PostgresError`.
public struct WebhookDeliveryStore: Sendable {
    /// How long after a failed try the next one is made. After the last one a delivery is given up: three days in all.
    public static let pauses: [Duration] = [
        .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1_800), .seconds(3_600), .seconds(7_200),
        .seconds(14_400), .seconds(28_800), .seconds(43_200), .seconds(43_200), .seconds(43_200), .seconds(43_200),
    ]
    /// For how many days a webhook may fail without a single success before it is switched off, and how old a delivery
    /// becomes that cannot be made.
    public static let patienceDays = 3
    /// For how many days deliveries that are over are kept.
    public static let keptDays = 7
    /// How many deliveries may wait for one webhook; with more it is switched off.
    public static let mostWaiting = 100_000
    /// How many of one webhook's deliveries are sent at once by one process.
    public static let atOnce = 4
    private static let leaseSeconds = 60.0

    let client: PostgresClient
    let secrets: SecretBox

    /// A store on `client` that opens secrets with `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        self.client = client
        self.secrets = secrets
    }

    /// Notes events for the company's webhooks that want them, in this order. Noting again changes nothing.
    public func add(_ companyId: UUID, _ news: [WebhookNews]) async throws {
        guard !news.isEmpty else { return }
        let nobody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        _ = try await client.query(
            """
            INSERT INTO webhook_deliveries
                (company_id, id, webhook_id, event_id, kind, conversation_id, message_id, happened_at)
            SELECT webhooks.company_id, gen_random_uuid(), webhooks.id, event_id, kind, conversation_id,
                nullif(message_id, \(nobody)), happened_at::timestamptz
            FROM unnest(\(news.map(\.id))::uuid[], \(news.map(\.event.rawValue))::text[],
                    \(news.map(\.conversationId))::uuid[], \(news.map { $0.messageId ?? nobody })::uuid[],
                    \(news.map { Timestamp.string($0.at) })::text[])
                WITH ORDINALITY AS news (event_id, kind, conversation_id, message_id, happened_at, place)
            JOIN webhooks ON webhooks.company_id = \(companyId) AND active AND kind = ANY(events)
            ORDER BY place, webhooks.id
            ON CONFLICT DO NOTHING
            """, settings: .sweeper)
    }

    /// Takes deliveries that are due, at most `limit`, of whichever webhooks.
    /// - Parameter busy: webhooks that are not to be given more.
    public func claim(limit: Int, busy: [UUID] = []) async throws -> [ClaimedDelivery] {
        let rows = try await client.query(
            """
            WITH due AS (
                SELECT first.company_id, first.id FROM (
                    SELECT company_id, id FROM webhooks
                    WHERE active AND (paused_until IS NULL OR paused_until <= now())
                        AND NOT id = ANY(\(busy)::uuid[]) AND EXISTS (
                            SELECT FROM webhook_deliveries AS waiting
                            WHERE waiting.company_id = webhooks.company_id AND waiting.webhook_id = webhooks.id
                                AND state = 'pending' AND due_at <= now())
                    ORDER BY random() LIMIT \(limit)) AS webhooks
                CROSS JOIN LATERAL (
                    SELECT company_id, id FROM webhook_deliveries AS each
                    WHERE each.company_id = webhooks.company_id AND each.webhook_id = webhooks.id
                        AND state = 'pending' AND due_at <= now() AND NOT EXISTS (
                            SELECT FROM webhook_deliveries AS earlier
                            WHERE earlier.company_id = each.company_id AND earlier.webhook_id = each.webhook_id
                                AND earlier.conversation_id = each.conversation_id AND earlier.state = 'pending'
                                AND earlier.position < each.position)
                    ORDER BY position LIMIT \(Self.atOnce) FOR UPDATE SKIP LOCKED) AS first
                LIMIT \(limit))
            UPDATE webhook_deliveries
            SET attempts = attempts + 1, due_at = now() + make_interval(secs => \(Self.leaseSeconds))
            FROM due, webhooks
            WHERE webhook_deliveries.company_id = due.company_id AND webhook_deliveries.id = due.id
                AND webhooks.company_id = webhook_deliveries.company_id AND webhooks.id = webhook_id
            RETURNING \(fragment: WebhookDelivery.columns), webhooks.url, webhooks.secret
            """, settings: .sweeper)
        return try rows.map(claimed)
    }

    private func claimed(_ row: PostgresRow) throws -> ClaimedDelivery {
        let delivery = try WebhookDelivery(row)
        let sealed: String = try row.get("secret")
        // One that cannot be opened fails with its own delivery, and holds up nobody else's.
        let secret = (try? secrets.open(sealed, for: WebhookStore.owner(delivery.companyId, delivery.webhookId))) ?? []
        return ClaimedDelivery(
            delivery: delivery, url: try row.get("url"), secret: String(decoding: secret, as: UTF8.self))
    }

    /// Makes a delivery that tries a webhook out, as if it were claimed.
    /// - Throws: also ``NotFound``.
    public func test(_ scope: TenantScope, _ webhookId: UUID) async throws -> ClaimedDelivery {
        try scope.require(.webhooksWrite)
        let id = UUID.v7()
        let rows = try await client.query(
            """
            WITH made AS (
                INSERT INTO webhook_deliveries (company_id, id, webhook_id, event_id, kind, attempts, due_at)
                SELECT company_id, \(id), id, \(id), \(WebhookEvent.test), 1,
                    now() + make_interval(secs => \(Self.leaseSeconds))
                FROM webhooks WHERE company_id = \(scope.companyId) AND id = \(webhookId)
                RETURNING *)
            SELECT \(fragment: WebhookDelivery.columns), webhooks.url, webhooks.secret
            FROM made AS webhook_deliveries JOIN webhooks
                ON webhooks.company_id = webhook_deliveries.company_id AND webhooks.id = webhook_id
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("webhook") }
        return try claimed(row)
    }

    /// Gives a claim back, as if the try had not been begun.
    public func giveBack(_ delivery: WebhookDelivery) async throws {
        _ = try await client.query(
            """
            UPDATE webhook_deliveries SET attempts = attempts - 1, due_at = now()
            WHERE company_id = \(delivery.companyId) AND id = \(delivery.id) AND state = 'pending'
                AND attempts = \(delivery.attempts)
            """, settings: .sweeper)
    }

    /// Notes what came of a try, as long as the claim holds.
    public func finish(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome) async throws {
        let isTest = delivery.kind == WebhookEvent.test
        let next = outcome.error == nil || isTest ? nil : Self.pause(after: delivery.attempts)
        let state =
            outcome.error == nil ? WebhookDelivery.State.delivered : next == nil ? .failed : .pending
        let pause = next.map { Double($0.components.seconds) } ?? 0
        let changed = try await client.query(
            """
            UPDATE webhook_deliveries SET state = \(state.rawValue), status = \(outcome.status),
                error = \(outcome.error.map { String($0.prefix(500)) }), duration_ms = \(outcome.milliseconds),
                due_at = now() + make_interval(secs => \(pause)),
                finished_at = CASE WHEN \(state != .pending) THEN now() END
            WHERE company_id = \(delivery.companyId) AND id = \(delivery.id) AND state = 'pending'
                AND attempts = \(delivery.attempts)
            RETURNING id
            """, settings: .sweeper)
        guard !changed.isEmpty, !isTest else { return }
        if outcome.error == nil { try await noteSuccess(delivery) } else { try await noteFailure(delivery, outcome) }
    }

    /// The pause after so many tries; nil when that was the last one.
    static func pause(after attempts: Int) -> Duration? {
        pauses.indices.contains(attempts - 1) ? pauses[attempts - 1] : nil
    }

    /// Drops a delivery of which there is nothing to send any more.
    public func drop(_ delivery: WebhookDelivery, because reason: String) async throws {
        _ = try await client.query(
            """
            UPDATE webhook_deliveries SET state = 'dropped', error = \(reason), finished_at = now()
            WHERE company_id = \(delivery.companyId) AND id = \(delivery.id) AND state = 'pending'
            """, settings: .sweeper)
    }

    private func noteSuccess(_ delivery: WebhookDelivery) async throws {
        _ = try await client.query(
            """
            UPDATE webhooks SET delivered_at = now(), failing_since = NULL, failures = 0, paused_until = NULL
            WHERE company_id = \(delivery.companyId) AND id = \(delivery.webhookId)
            """, settings: .sweeper)
    }

    /// A webhook that fails again and again is given a rest, up to five minutes, so that what waits for it is not tried
    /// for nothing; after three days without a success it is switched off.
    private func noteFailure(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome) async throws {
        let last = outcome.error ?? ""
        let gone = "The program answered 410: it wants nothing any more."
        let tired = "Nothing could be delivered for \(Self.patienceDays) days. The last try: \(last)"
        _ = try await client.query(
            """
            UPDATE webhooks SET failures = failures + 1, failing_since = coalesce(failing_since, now()),
                paused_until = CASE WHEN failures < 3 THEN NULL
                    ELSE now() + make_interval(secs => least(300, 5 * power(2, least(failures - 3, 10)))) END,
                active = active AND NOT \(outcome.isGone)
                    AND coalesce(failing_since, now()) > now() - make_interval(days => \(Self.patienceDays)),
                disabled_reason = CASE WHEN NOT active THEN disabled_reason WHEN \(outcome.isGone) THEN \(gone)
                    WHEN failing_since <= now() - make_interval(days => \(Self.patienceDays))
                        THEN \(String(tired.prefix(500))) ELSE disabled_reason END
            WHERE company_id = \(delivery.companyId) AND id = \(delivery.webhookId)
            """, settings: .sweeper)
    }
}
