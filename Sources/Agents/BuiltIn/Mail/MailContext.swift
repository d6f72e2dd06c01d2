import Foundation
import JSON
public import Tenancy

/// What the mail's tools work on.
public struct MailContext: Sendable {
    /// Mailboxes in Switchboard.
    public let emails: EmailStore
    /// Mailboxes elsewhere.
    public let accounts: any LinkedAccounts
    /// The zones of members and companies.
    public let calendar: CalContext

    /// A context.
    public init(emails: EmailStore, accounts: any LinkedAccounts, calendar: CalContext) {
        self.emails = emails
        self.accounts = accounts
        self.calendar = calendar
    }

    /// The author's linked mailboxes; a program has none.
    func linked(_ scope: ToolScope) async throws -> [any LinkedMailbox] {
        guard case .user(let id) = scope.author else { return [] }
        return try await accounts.mailboxes(scope.tenant, of: id)
    }

    /// The linked mailbox with this account's id.
    func linked(_ account: UUID, _ scope: ToolScope) async throws -> any LinkedMailbox {
        guard let mailbox = try await linked(scope).first(where: { $0.accountId == account }) else {
            throw ToolError.notFound
        }
        return mailbox
    }
}
