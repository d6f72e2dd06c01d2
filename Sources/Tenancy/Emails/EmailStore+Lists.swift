public import Foundation
import JSON
import Postgres

extension EmailStore {
    /// A page of e-mails, newest first.
    /// - Parameters:
    ///   - state: only those in this state.
    ///   - threadId: only those of this thread.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), search: EmailSearch = EmailSearch(),
        state: Email.State? = nil, threadId: UUID? = nil, for subject: Subject? = nil
    ) async throws -> Page<Email> {
        try scope.require(.emailsRead)
        var filter = try Self.visible(scope, subject) + " AND " + Self.condition(search)
        if let state { filter += " AND state = \(state.rawValue)" }
        if let threadId { filter += " AND thread_id = \(threadId)" }
        if let cursor = try page.place(list: "emails", count: 2) {
            guard let date = Timestamp.parse(cursor.values[0]) else {
                throw InvalidFields("cursor", "invalid", "is not a cursor of this list")
            }
            filter += " AND (sent_at, id) < (\(date), \(try cursor.id(1)))"
        }
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns), EXISTS (SELECT FROM emails AS later
                WHERE later.company_id = emails.company_id AND later.thread_id = emails.thread_id
                    AND later.direction = 'outbound' AND later.state <> 'draft'
                    AND later.sent_at >= emails.sent_at AND later.id <> emails.id) AS answered
            FROM emails WHERE \(fragment: filter) ORDER BY sent_at DESC, id DESC LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map { try Email($0, isAnswered: $0.get("answered")) }, limit: page.limit) {
            Cursor(list: "emails", values: [Timestamp.string($0.date), $0.id.lowercased])
        }
    }

    private static func condition(_ search: EmailSearch) -> SQL {
        var parts: [SQL] = ["true"]
        if !search.words.isEmpty { parts.append("search @@ search_query(\(search.words), true)") }
        for text in search.from {
            parts.append(
                "strpos(fold(coalesce(from_name, '') || ' ' || coalesce(from_address, '')), fold(\(text))) > 0")
        }
        for text in search.to {
            parts.append("strpos(fold(array_to_string(to_addresses || cc_addresses, ' ')), fold(\(text))) > 0")
        }
        for text in search.subject { parts.append("strpos(fold(subject), fold(\(text))) > 0") }
        if let isRead = search.isRead { parts.append("is_read = \(isRead) AND direction = 'inbound'") }
        switch search.folder {
        case .inbox: parts.append("direction = 'inbound'")
        case .sent: parts.append("direction = 'outbound' AND state <> 'draft'")
        case .drafts: parts.append("state = 'draft'")
        case nil: break
        }
        if let after = search.after { parts.append("sent_at >= \(after)") }
        if let before = search.before { parts.append("sent_at < \(before)") }
        return parts.joined(separator: " AND ")
    }
}
