public import Foundation
import Postgres

extension ContactStore {
    /// Lets what a contact writes go into another conversation from now on: `next`, unless somebody else has chosen one
    /// since the contact's was `last`.
    /// - Returns: the one that was chosen.
    /// - Throws: also ``NotFound`` when the contact is gone.
    public func choose(
        _ scope: TenantScope, _ contact: Contact, instead last: UUID?, next: UUID, subject: String? = nil
    ) async throws -> UUID {
        try Self.require(scope)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                """
                SELECT conversation_id FROM channel_contacts
                WHERE company_id = \(scope.companyId) AND id = \(contact.id) FOR UPDATE
                """)
            guard let row = rows.first else { throw NotFound("contact") }
            let current: UUID? = try row.get("conversation_id")
            if let current, current != last { return current }
            _ = try await transaction.query(
                """
                UPDATE channel_contacts SET conversation_id = \(next)
                WHERE company_id = \(scope.companyId) AND id = \(contact.id)
                """)
            try await Self.link(transaction, scope, contact, next, subject)
            return next
        }
    }

    /// Links a new conversation to the contact it is with, beside the one that what they write goes into.
    public func link(
        _ scope: TenantScope, _ contact: Contact, _ kind: Channel.Kind, _ conversationId: UUID, subject: String?
    ) async throws -> ChannelLink {
        try Self.require(scope)
        try await client.transaction(settings: scope.settings) { transaction in
            try await Self.link(transaction, scope, contact, conversationId, subject)
        }
        return ChannelLink(conversationId: conversationId, kind: kind, contact: contact, subject: subject)
    }

    private static func link(
        _ transaction: PostgresTransaction, _ scope: TenantScope, _ contact: Contact, _ conversationId: UUID,
        _ subject: String?
    ) async throws {
        _ = try await transaction.query(
            """
            INSERT INTO channel_conversations (company_id, conversation_id, channel_id, contact_id, subject)
            VALUES (\(scope.companyId), \(conversationId), \(contact.channelId), \(contact.id), \(subject))
            ON CONFLICT (company_id, conversation_id) DO NOTHING
            """)
    }

    /// Over which channel, and to whom, the words of a conversation go; nil for one that belongs to no channel.
    public func link(_ scope: TenantScope, of conversationId: UUID) async throws -> ChannelLink? {
        try Self.require(scope)
        let rows = try await client.query(
            """
            SELECT \(fragment: Contact.columns), channel_conversations.subject, channels.kind
            FROM channel_conversations
            JOIN channel_contacts ON channel_contacts.company_id = channel_conversations.company_id
                AND channel_contacts.id = channel_conversations.contact_id
            JOIN channels ON channels.company_id = channel_conversations.company_id
                AND channels.id = channel_conversations.channel_id
            WHERE channel_conversations.company_id = \(scope.companyId)
                AND channel_conversations.conversation_id = \(conversationId)
            """, settings: scope.settings)
        guard let row = rows.first, let kind = Channel.Kind(rawValue: try row.get("kind")) else { return nil }
        return ChannelLink(
            conversationId: conversationId, kind: kind, contact: try Contact(row), subject: try row.get("subject"))
    }

    /// Forgets what is kept of conversations that were deleted.
    public func forget(_ scope: TenantScope, conversations: [UUID]) async throws {
        try Self.require(scope)
        guard !conversations.isEmpty else { return }
        try await client.transaction(settings: scope.settings) { transaction in
            _ = try await transaction.query(
                """
                UPDATE channel_contacts SET conversation_id = NULL
                WHERE company_id = \(scope.companyId) AND conversation_id = ANY(\(conversations))
                """)
            _ = try await transaction.query(
                """
                DELETE FROM channel_conversations
                WHERE company_id = \(scope.companyId) AND conversation_id = ANY(\(conversations))
                """)
        }
    }
}
