public import Foundation
import JSON
public import Postgres

/// E-mail of companies. A member reaches the company's mailbox and the own one, an API key the company's; the company's
/// own work (the agent) names for whom it works. A draft is seen by who wrote it alone.
///
/// Methods throw ``Forbidden`` without the permission, ``NotFound`` for an e-mail that is absent or in a mailbox out of
/// reach, ``InvalidFields``, ``VersionMismatch``, ``StoreConflict``, and `PostgresError`.
public struct EmailStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = """
        id, user_id, thread_id, message_id, in_reply_to, reference_ids, direction, state, from_address, from_name,
        to_addresses, cc_addresses, subject, body, sent_at, is_read, created_at, updated_at, version
        """

    /// Puts an e-mail into a mailbox. It joins the thread of the newest e-mail it refers to, or of one that answers it;
    /// the subject alone joins nothing.
    /// - Parameters:
    ///   - owner: whose mailbox; nil for the company's. A member can name nobody else.
    ///   - writer: who wrote a draft.
    ///   - id: the e-mail's id, for work that may be run again.
    /// - Returns: the e-mail, and whether it is new: the same Message-ID twice in a mailbox is one e-mail.
    public func put(
        _ scope: TenantScope, _ draft: EmailDraft, owner: UUID? = nil, writer: UUID? = nil, id: UUID = .v7()
    ) async throws -> (email: Email, isNew: Bool) {
        try scope.require(.emailsWrite)
        if let person = scope.userId, let owner, owner != person { throw Self.unknownOwner }
        let draft = draft.normal
        try draft.checks.check()
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                let thread = try await Self.thread(of: draft, owner, scope, transaction) ?? id
                let rows = try await transaction.query(Self.insert(draft, id, thread, owner, writer, scope))
                if let row = rows.first { return (try Email(row), true) }
                let known = try await transaction.query(
                    """
                    SELECT \(fragment: Self.columns) FROM emails WHERE company_id = \(scope.companyId)
                        AND ((mailbox_id = \(owner ?? scope.companyId) AND message_id = \(draft.messageId))
                            OR (id = \(id) AND created_by IS NOT DISTINCT FROM \(writer)::uuid))
                    """)
                guard let row = known.first else { throw NotFound("email") }
                return (try Email(row), false)
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw Self.unknownOwner
        }
    }

    private static let unknownOwner = InvalidFields("userId", "not_found", "must be a member of the company")

    private static func insert(
        _ draft: EmailDraft, _ id: UUID, _ thread: UUID, _ owner: UUID?, _ writer: UUID?, _ scope: TenantScope
    ) -> SQL {
        """
        INSERT INTO emails (company_id, id, user_id, thread_id, message_id, in_reply_to, reference_ids, direction,
            state, from_address, from_name, to_addresses, cc_addresses, subject, body, sent_at, is_read, created_by)
        VALUES (\(scope.companyId), \(id), \(owner), \(thread), \(draft.messageId), \(draft.inReplyTo),
            \(draft.references), \(draft.direction.rawValue), \(draft.state.rawValue), \(draft.fromAddress),
            \(draft.fromName), \(draft.to), \(draft.cc), \(draft.subject), \(draft.text), \(draft.date),
            \(draft.isRead), \(writer))
        ON CONFLICT DO NOTHING RETURNING \(fragment: columns)
        """
    }

    private static func thread(
        of draft: EmailDraft, _ owner: UUID?, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws -> UUID? {
        let parents = draft.references.reversed() + (draft.inReplyTo.map { [$0] } ?? [])
        let rows = try await transaction.query(
            """
            SELECT thread_id FROM emails WHERE company_id = \(scope.companyId)
                AND mailbox_id = \(owner ?? scope.companyId)
                AND (message_id = ANY(\(Array(parents))::text[]) OR in_reply_to = \(draft.messageId))
            ORDER BY sent_at DESC, id DESC LIMIT 1
            """)
        return try rows.first?.get("thread_id", as: UUID.self)
    }

    /// One e-mail.
    public func get(_ scope: TenantScope, _ id: UUID, for subject: Subject? = nil) async throws -> Email {
        try scope.require(.emailsRead)
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM emails
            WHERE \(fragment: try Self.visible(scope, subject)) AND id = \(id)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("email") }
        return try Email(row)
    }

    /// Marks an e-mail as read, or not.
    public func mark(
        _ scope: TenantScope, _ id: UUID, read: Bool, for subject: Subject? = nil
    ) async throws -> Email {
        try scope.require(.emailsWrite)
        let rows = try await client.query(
            """
            UPDATE emails SET is_read = \(read), version = version + CASE is_read WHEN \(read) THEN 0 ELSE 1 END,
                updated_at = CASE is_read WHEN \(read) THEN updated_at ELSE now() END
            WHERE \(fragment: try Self.visible(scope, subject)) AND id = \(id) RETURNING \(fragment: Self.columns)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("email") }
        return try Email(row)
    }

    /// Moves an e-mail on its way: a draft to `queued`, what is queued to `sent` or `failed`, what failed to `queued`.
    /// Being there already is fine.
    /// - Throws: also ``StoreConflict`` on `state` for any other step.
    public func advance(
        _ scope: TenantScope, _ id: UUID, to state: Email.State, for subject: Subject? = nil
    ) async throws -> Email {
        try scope.require(.emailsWrite)
        let from: [Email.State: [Email.State]] = [
            .queued: [.draft, .failed], .sent: [.queued, .failed], .failed: [.queued],
        ]
        let allowed = (from[state] ?? []).map(\.rawValue)
        let rows = try await client.query(
            """
            UPDATE emails SET state = \(state.rawValue), version = version + 1, updated_at = now()
            WHERE \(fragment: try Self.visible(scope, subject)) AND id = \(id)
                AND state = ANY(\(allowed)::text[]) RETURNING \(fragment: Self.columns)
            """, settings: scope.settings)
        if let row = rows.first { return try Email(row) }
        let email = try await get(scope, id, for: subject)
        guard email.state == state else {
            throw StoreConflict(
                field: "state", code: "not_allowed",
                message: "an e-mail that is \(email.state.rawValue) cannot become \(state.rawValue)")
        }
        return email
    }

    /// What a subject sees: the company's mailbox and the own one, and of drafts the own ones.
    static func visible(_ scope: TenantScope, _ subject: Subject?) throws -> SQL {
        switch try scope.reach(subject) {
        case .user(let id):
            """
            company_id = \(scope.companyId) AND mailbox_id IN (\(scope.companyId), \(id))
                AND (state <> 'draft' OR created_by IS NULL OR created_by = \(id))
            """
        case .company:
            """
            company_id = \(scope.companyId) AND mailbox_id = \(scope.companyId)
                AND (state <> 'draft' OR created_by IS NULL)
            """
        case .customer, .conversation: throw Forbidden("only members and the company have a mailbox")
        }
    }
}

extension Email.Direction: PostgresDecodable {}
extension Email.State: PostgresDecodable {}

extension Email {
    init(_ row: PostgresRow, isAnswered: Bool? = nil) throws {
        self.init(
            id: try row.get("id"), userId: try row.get("user_id"), threadId: try row.get("thread_id"),
            messageId: try row.get("message_id"), inReplyTo: try row.get("in_reply_to"),
            references: try row.get("reference_ids"), direction: try row.get("direction"),
            state: try row.get("state"), fromAddress: try row.get("from_address"), fromName: try row.get("from_name"),
            to: try row.get("to_addresses"), cc: try row.get("cc_addresses"), subject: try row.get("subject"),
            text: try row.get("body"), date: try row.get("sent_at"), isRead: try row.get("is_read"),
            isAnswered: isAnswered, createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"),
            version: try row.get("version"))
    }
}
