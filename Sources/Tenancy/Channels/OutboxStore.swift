public import Foundation
public import Postgres

/// What is to be sent over channels. For the company's own work.
///
/// An entry is claimed by one caller at a time, in the order of its conversation: while an earlier one of it is not over,
/// no later one is. A claim is noted before anything is sent; when nobody has said by its end what became of it, the entry
/// is claimed again, and counted as one of which nobody knows whether it was sent.
public struct OutboxStore: Sendable {
    let client: PostgresClient

    /// How long entries that are over are remembered, for word of them and for answers to them.
    public static let retentionDays = 60

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    /// Puts things to be sent to a contact; those that are there already stay as they are.
    public func put(_ scope: TenantScope, _ link: ChannelLink, _ drafts: [OutboxEntry.Draft]) async throws {
        try ContactStore.require(scope)
        for start in stride(from: 0, to: drafts.count, by: 100) {
            let rows = drafts[start..<min(start + 100, drafts.count)].map { draft -> SQL in
                """
                (\(scope.companyId), \(UUID.v7()), \(link.contact.channelId), \(link.kind.rawValue), \(link.contact.id),
                    \(link.conversationId), \(draft.messageId), \(draft.seq), \(draft.part), 'text', \(draft.author),
                    \(draft.body))
                """
            }
            let statement: SQL = """
                INSERT INTO channel_outbox (company_id, id, channel_id, channel_kind, contact_id, conversation_id,
                    message_id, seq, part, kind, author, body) VALUES
                """
            _ = try await client.query(
                statement + " " + rows.joined(separator: ", ")
                    + " ON CONFLICT (company_id, message_id, part) DO NOTHING",
                settings: scope.settings)
        }
    }

    /// Claims up to `limit` (1 to 200) entries of all companies that are due.
    /// - Parameters:
    ///   - perChannel: how many of one channel may be under way.
    ///   - lease: how long a claim lasts, in seconds: longer than a call to a provider may take.
    ///   - wait: at least how long one on WhatsApp lasts, in seconds: as long as word of a lost answer may take.
    public func due(limit: Int, perChannel: Int, lease: Double, wait: Double) async throws -> [OutboxEntry] {
        try await client.query(
            """
            UPDATE channel_outbox SET state = 'sending', attempts = attempts + 1,
                unknowns = unknowns + CASE state WHEN 'sending' THEN 1 ELSE 0 END,
                due_at = now() + make_interval(secs =>
                    greatest(\(lease)::float8, CASE channel_kind WHEN 'whatsapp' THEN \(wait)::float8 END))
            WHERE (company_id, id) IN (
                SELECT company_id, id FROM channel_outbox
                WHERE state IN ('queued', 'sending') AND due_at <= now() AND (company_id, id) IN (
                    SELECT company_id, id FROM (
                        SELECT company_id, id, (
                                SELECT count(*) FROM channel_outbox AS other
                                WHERE other.company_id = entry.company_id AND other.channel_id = entry.channel_id
                                    AND other.state = 'sending' AND other.due_at > now()
                            ) + row_number() OVER (PARTITION BY company_id, channel_id ORDER BY due_at, id) AS place
                        FROM channel_outbox AS entry
                        WHERE state IN ('queued', 'sending') AND due_at <= now() AND NOT EXISTS (
                            SELECT FROM channel_outbox AS earlier
                            WHERE earlier.company_id = entry.company_id
                                AND earlier.conversation_id = entry.conversation_id
                                AND (earlier.seq, earlier.part) < (entry.seq, entry.part)
                                AND earlier.state IN ('queued', 'sending', 'held'))) AS first
                    WHERE place <= \(perChannel))
                ORDER BY due_at, id LIMIT \(min(max(limit, 1), 200)) FOR UPDATE SKIP LOCKED)
            RETURNING \(fragment: OutboxEntry.columns)
            """, settings: .sweeper
        ).map(OutboxEntry.init)
    }

    /// To whom an entry goes; nil when the contact is gone.
    public func contact(of entry: OutboxEntry) async throws -> Contact? {
        try await client.query(
            """
            SELECT \(fragment: Contact.columns) FROM channel_contacts
            WHERE company_id = \(entry.companyId) AND id = \(entry.contactId)
            """, settings: entry.scope.settings
        ).first.map(Contact.init)
    }

    /// The message that the provider knows by an id, in one conversation.
    public func message(_ scope: TenantScope, of providerId: String, in conversationId: UUID) async throws -> UUID? {
        try ContactStore.require(scope)
        return try await client.query(
            """
            SELECT outbox.message_id FROM channel_outbox AS outbox
            JOIN channel_conversations AS conversation ON conversation.company_id = outbox.company_id
                AND conversation.conversation_id = outbox.conversation_id
                AND conversation.channel_id = outbox.channel_id
            WHERE outbox.company_id = \(scope.companyId) AND outbox.provider_id = \(providerId)
                AND outbox.conversation_id = \(conversationId) LIMIT 1
            """, settings: scope.settings
        ).first?.get("message_id")
    }

    /// Forgets entries that have been over for long.
    /// - Returns: how many.
    public func prune() async throws -> Int {
        try await client.query(
            """
            DELETE FROM channel_outbox WHERE (company_id, id) IN (
                SELECT company_id, id FROM channel_outbox
                WHERE state IN ('sent', 'delivered', 'read', 'failed', 'dropped')
                    AND created_at < now() - make_interval(days => \(Self.retentionDays)) LIMIT 5000)
            """, settings: .sweeper
        ).affected
    }
}

extension OutboxEntry {
    static let columns: SQL = """
        company_id, id, channel_id, contact_id, conversation_id, message_id, part, kind, author, body, attempts, unknowns
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), channelId: try row.get("channel_id"),
            contactId: try row.get("contact_id"), conversationId: try row.get("conversation_id"),
            messageId: try row.get("message_id"), part: try row.get("part"),
            kind: Kind(rawValue: try row.get("kind")) ?? .text, author: try row.get("author"),
            body: try row.get("body", as: String?.self) ?? "", attempts: try row.get("attempts"),
            unknowns: try row.get("unknowns"))
    }
}
