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

extension ToolScope {
    /// Whose mail is meant: the author's and the company's, or the company's alone for a program.
    /// - Throws: ``ToolError``, also where a customer reads along: mail is shown to members only.
    func mailSubject() throws(ToolError) -> Subject {
        if isReadByCustomer { throw .customerReads }
        switch author {
        case .user(let id): return .user(id)
        case .program: return .company
        case .customer: throw .notAllowed("customers have no mailbox here")
        }
    }
}

/// Where an e-mail, a thread or a draft lives: in Switchboard, or in a linked account.
enum MailPlace: Hashable {
    case own(UUID)
    case linked(UUID, String)

    /// The text by which tools name it.
    var reference: String {
        switch self {
        case .own(let id): "own:\(id.lowercased)"
        case .linked(let account, let id): "linked:\(account.lowercased):\(id)"
        }
    }

    /// Reads ``reference``.
    /// - Throws: ``ToolError/notFound`` for anything else.
    init(_ reference: String?) throws(ToolError) {
        // The same two forms as those of events.
        switch reference.flatMap({ EventPlace($0) }) {
        case .own(let id): self = .own(id)
        case .linked(let account, let id): self = .linked(account, id)
        case nil: throw .notFound
        }
    }
}
