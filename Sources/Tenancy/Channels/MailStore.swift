public import Foundation
public import Postgres

/// The ids of e-mails that came and went, by which answers find their conversations. For the company's own work.
public struct MailStore: Sendable {
    let client: PostgresClient

    /// The most ids that an e-mail refers to; the oldest in the middle go.
    public static let maximumReferences = 20

    /// One e-mail.
    public struct Known: Sendable, Hashable {
        /// Its id, without angle brackets.
        public let id: String
        /// The conversation it is in.
        public let conversationId: UUID
        /// Whether we sent it.
        public let isOurs: Bool
        /// The ids that it refers to.
        public let references: [String]

        /// An e-mail.
        public init(id: String, conversationId: UUID, isOurs: Bool, references: [String]) {
            self.id = id
            self.conversationId = conversationId
            self.isOurs = isOurs
            self.references = Array(references.suffix(MailStore.maximumReferences))
        }
    }

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    /// Notes an e-mail of a conversation, unless its id is known.
    /// - Returns: the e-mail of this id as it is known: another one when there was one before.
    public func note(_ scope: TenantScope, _ mail: Known) async throws -> Known {
        try ContactStore.require(scope)
        _ = try await client.query(
            """
            INSERT INTO channel_mails (company_id, mail_id, conversation_id, direction, reference_ids)
            VALUES (\(scope.companyId), \(mail.id), \(mail.conversationId), \(mail.isOurs ? "outbound" : "inbound"),
                \(mail.references))
            ON CONFLICT (company_id, mail_id) DO NOTHING
            """, settings: scope.settings)
        return try await find(scope, [mail.id]).first ?? mail
    }

    /// The e-mails of these ids (at most 50 are looked up), in the order in which they were asked for.
    public func find(_ scope: TenantScope, _ ids: [String]) async throws -> [Known] {
        try ContactStore.require(scope)
        let ids = Array(ids.prefix(50))
        guard !ids.isEmpty else { return [] }
        let found = try await client.query(
            """
            SELECT mail_id, conversation_id, direction, reference_ids FROM channel_mails
            WHERE company_id = \(scope.companyId) AND mail_id = ANY(\(ids))
            """, settings: scope.settings
        ).map(Known.init)
        return ids.compactMap { id in found.first { $0.id == id } }
    }

    /// The last e-mail that came in of a conversation: what the next one answers.
    public func last(_ scope: TenantScope, in conversationId: UUID) async throws -> Known? {
        try ContactStore.require(scope)
        return try await client.query(
            """
            SELECT mail_id, conversation_id, direction, reference_ids FROM channel_mails
            WHERE company_id = \(scope.companyId) AND conversation_id = \(conversationId) AND direction = 'inbound'
            ORDER BY created_at DESC LIMIT 1
            """, settings: scope.settings
        ).first.map(Known.init)
    }

    /// How many e-mails of agents went into a conversation within an hour, since a member's; and to its contact within a day.
    public func agentMails(_ scope: TenantScope, to link: ChannelLink) async throws -> (thread: Int, contact: Int) {
        try ContactStore.require(scope)
        let row = try await client.query(
            """
            SELECT count(*) FILTER (WHERE conversation_id = \(link.conversationId) AND created_at > greatest(
                    now() - interval '1 hour', coalesce((
                        SELECT max(created_at) FROM channel_outbox WHERE company_id = \(scope.companyId)
                            AND contact_id = \(link.contact.id) AND conversation_id = \(link.conversationId)
                            AND author = 'user'), '-infinity'))) AS thread,
                count(*) AS contact
            FROM channel_outbox WHERE company_id = \(scope.companyId) AND contact_id = \(link.contact.id)
                AND author <> 'user' AND created_at > now() - interval '1 day'
            """, settings: scope.settings
        ).one()
        return (try row.get("thread"), try row.get("contact"))
    }
}

extension MailStore.Known {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("mail_id"), conversationId: try row.get("conversation_id"),
            isOurs: try row.get("direction", as: String.self) == "outbound",
            references: try row.get("reference_ids"))
    }
}
