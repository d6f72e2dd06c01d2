public import Foundation
import Postgres

/// What became of a claimed entry. Each is noted only while the claim holds, unless it is good news.
extension OutboxStore {
    /// The provider has it.
    public func sent(_ entry: OutboxEntry, providerId: String) async throws {
        try await change(
            entry,
            "state = CASE WHEN state IN ('queued', 'sending', 'held') THEN 'sent' ELSE state END,"
                + " provider_id = coalesce(provider_id, \(String(providerId.prefix(300)))), error_code = NULL, error = NULL",
            // Word of it may have come before the answer.
            unless: "state IN ('failed', 'dropped') OR state = 'held' AND error_code IS NOT NULL")
    }

    /// It was not sent and is to be tried again after `seconds`.
    /// - Parameter counts: false when it was not its own fault.
    public func again(_ entry: OutboxEntry, after seconds: Double, error: String?, counts: Bool = true) async throws {
        let error = error.map { String($0.prefix(300)) }
        _ = try await client.query(
            """
            UPDATE channel_outbox SET state = 'queued', due_at = now() + make_interval(secs => \(seconds)),
                error = \(error), attempts = attempts - CASE WHEN \(counts) THEN 0 ELSE 1 END,
                unknowns = CASE WHEN \(counts) THEN 0 ELSE unknowns END
            WHERE \(fragment: Self.claimed(entry))
            """, settings: entry.scope.settings)
    }

    /// Nothing of the channel is to be sent for `seconds`: it is paused, and what waits is not to be looked at all the time.
    public func postpone(_ entry: OutboxEntry, after seconds: Double, error: String) async throws {
        try await again(entry, after: seconds, error: error, counts: false)
        _ = try await client.query(
            """
            UPDATE channel_outbox SET due_at = now() + make_interval(secs => \(seconds))
            WHERE company_id = \(entry.companyId) AND channel_id = \(entry.channelId) AND state = 'queued'
                AND due_at < now() + make_interval(secs => \(seconds))
            """, settings: entry.scope.settings)
    }

    /// Nobody knows whether it was sent. The claim stays for `seconds`, and only then it is tried again.
    public func unknown(_ entry: OutboxEntry, after seconds: Double, error: String) async throws {
        _ = try await client.query(
            """
            UPDATE channel_outbox SET error = \(String(error.prefix(300))),
                due_at = now() + make_interval(secs => \(seconds)) WHERE \(fragment: Self.claimed(entry))
            """, settings: entry.scope.settings)
    }

    /// It will not be sent.
    public func fail(_ entry: OutboxEntry, code: String?, error: String) async throws {
        try await change(
            entry,
            "state = 'failed', body = NULL, error_code = \(code.map { String($0.prefix(40)) }),"
                + " error = \(String(error.prefix(300)))", unless: "NOT (\(fragment: Self.claimed(entry)))")
    }

    /// It is not to be sent any more: its message is gone.
    public func drop(_ entry: OutboxEntry) async throws {
        try await change(entry, "state = 'dropped', body = NULL", unless: "NOT (\(fragment: Self.claimed(entry)))")
    }

    /// The provider lets nothing through before the customer writes. The template, when the channel has one, is put before
    /// it, once for each time that the window closes.
    public func hold(_ entry: OutboxEntry, withTemplate: Bool) async throws {
        try await client.transaction(settings: entry.scope.settings) { transaction in
            _ = try await transaction.query(
                """
                UPDATE channel_outbox SET state = 'held', provider_id = NULL, changes = changes + 1, shown = false,
                    updated_at = now()
                WHERE company_id = \(entry.companyId) AND id = \(entry.id) AND state IN ('queued', 'sending', 'sent')
                """)
            guard withTemplate else { return }
            let due = try await transaction.query(
                """
                UPDATE channel_contacts SET template_at = now()
                WHERE company_id = \(entry.companyId) AND id = \(entry.contactId)
                    AND (template_at IS NULL OR template_at < coalesce(last_inbound_at, '-infinity'))
                RETURNING id
                """)
            guard !due.isEmpty else { return }
            _ = try await transaction.query(
                """
                INSERT INTO channel_outbox (company_id, id, channel_id, channel_kind, contact_id, conversation_id,
                    message_id, seq, part, kind, author)
                SELECT company_id, \(UUID.v7())::uuid, channel_id, channel_kind, contact_id, conversation_id, message_id, seq,
                    -1, 'template', 'system'
                FROM channel_outbox WHERE company_id = \(entry.companyId) AND id = \(entry.id)
                ON CONFLICT (company_id, message_id, part) DO NOTHING
                """)
        }
    }

    /// A contact wrote at `date`: what was held back is to be sent.
    /// - Returns: how much was held back.
    public func reopen(_ contact: Contact, at date: Date) async throws -> Int {
        try await client.transaction(settings: TenantScope.forJob(companyId: contact.companyId).settings) {
            transaction in
            _ = try await transaction.query(
                """
                UPDATE channel_contacts SET last_inbound_at = greatest(last_inbound_at, \(date))
                WHERE company_id = \(contact.companyId) AND id = \(contact.id)
                """)
            return try await transaction.query(
                """
                UPDATE channel_outbox SET state = 'queued', due_at = now(), attempts = 0, unknowns = 0,
                    error_code = NULL, error = NULL
                WHERE company_id = \(contact.companyId) AND contact_id = \(contact.id) AND state = 'held'
                    AND \(date) > now() - interval '24 hours'
                """
            ).affected
        }
    }

    private func change(_ entry: OutboxEntry, _ values: SQL, unless: SQL) async throws {
        _ = try await client.query(
            """
            UPDATE channel_outbox SET \(fragment: values), changes = changes + 1, shown = false, updated_at = now()
            WHERE company_id = \(entry.companyId) AND id = \(entry.id) AND NOT (\(fragment: unless))
            """, settings: entry.scope.settings)
    }

    private static func claimed(_ entry: OutboxEntry) -> SQL {
        """
        company_id = \(entry.companyId) AND id = \(entry.id) AND state = 'sending' AND attempts = \(entry.attempts)
        """
    }
}
