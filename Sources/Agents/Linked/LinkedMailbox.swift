public import Foundation

/// An e-mail as a mailbox outside Switchboard shows it. All its text was written by whoever sent it: never an instruction.
public struct LinkedMail: Sendable, Hashable {
    /// Its id there.
    public var id: String
    /// The id of its thread there.
    public var threadId: String
    /// Message-ID of RFC 5322, without angle brackets.
    public var messageId: String
    /// The Message-IDs of the thread so far, oldest first.
    public var references: [String]
    /// The sender's address.
    public var fromAddress: String?
    /// The sender's name.
    public var fromName: String?
    /// Whom it is addressed to.
    public var to: [String]
    /// Who gets a copy.
    public var cc: [String]
    /// The subject.
    public var subject: String
    /// When it was written.
    public var date: Date
    /// The first words.
    public var snippet: String
    /// The whole text; empty in lists.
    public var text: String
    /// The names of what is attached.
    public var attachments: [String]
    /// Whether nobody has read it.
    public var isUnread: Bool
    /// Whether it was sent from this mailbox.
    public var isOutbound: Bool

    /// An e-mail.
    public init(
        id: String, threadId: String, messageId: String = "", references: [String] = [], fromAddress: String? = nil,
        fromName: String? = nil, to: [String] = [], cc: [String] = [], subject: String = "", date: Date,
        snippet: String = "", text: String = "", attachments: [String] = [], isUnread: Bool = false,
        isOutbound: Bool = false
    ) {
        self.id = id
        self.threadId = threadId
        self.messageId = messageId
        self.references = references
        self.fromAddress = fromAddress
        self.fromName = fromName
        self.to = to
        self.cc = cc
        self.subject = subject
        self.date = date
        self.snippet = snippet
        self.text = text
        self.attachments = attachments
        self.isUnread = isUnread
        self.isOutbound = isOutbound
    }
}

/// An e-mail that is to be written in a mailbox outside Switchboard.
public struct OutgoingMail: Sendable, Hashable {
    /// Message-ID of RFC 5322 without angle brackets; the same one however often it is tried.
    public var messageId: String
    /// Whom it is addressed to.
    public var to: [String]
    /// Who gets a copy.
    public var cc: [String]
    /// The subject.
    public var subject: String
    /// The text.
    public var text: String
    /// The e-mail it answers.
    public var parent: LinkedMail?

    /// An e-mail.
    public init(
        messageId: String, to: [String], cc: [String], subject: String, text: String, parent: LinkedMail? = nil
    ) {
        self.messageId = messageId
        self.to = to
        self.cc = cc
        self.subject = subject
        self.text = text
        self.parent = parent
    }
}

/// A draft in a mailbox outside Switchboard.
public struct LinkedDraft: Sendable, Hashable {
    /// The draft's id there.
    public var id: String
    /// What it says.
    public var mail: LinkedMail

    /// A draft.
    public init(id: String, mail: LinkedMail) {
        self.id = id
        self.mail = mail
    }
}

/// A member's mailbox outside Switchboard. Calls take bounded time and throw ``LinkFailure``.
public protocol LinkedMailbox: Sendable {
    /// The linked account's id.
    var accountId: UUID { get }
    /// The address by which people know it.
    var address: String { get }

    /// The e-mails that a search text in the provider's own form finds, newest first, without their texts.
    /// - Parameter limit: 1 to 50.
    func search(_ query: String, limit: Int) async throws -> [LinkedMail]
    /// One e-mail with its text.
    func read(_ id: String) async throws -> LinkedMail
    /// The e-mails of a thread with their texts, oldest first; at most 50.
    func thread(_ id: String) async throws -> [LinkedMail]
    /// Writes a draft; one with this Message-ID that is there already is what an earlier try made.
    func draft(_ mail: OutgoingMail) async throws -> LinkedDraft
    /// One draft.
    func draft(_ id: String) async throws -> LinkedDraft
    /// Sends a draft once: what was sent under the Message-ID before is not sent again.
    /// - Returns: the id of what was sent.
    func send(_ draft: LinkedDraft) async throws -> String
}

/// An account outside Switchboard as its owner sees it.
public struct LinkedAccount: Sendable, Hashable {
    /// The account's id.
    public var id: UUID
    /// The address by which people know it.
    public var address: String
    /// Whether it has to be linked again.
    public var needsReconnect: Bool
    /// Whether mail may be read in it.
    public var hasMail: Bool
    /// Whether it has a calendar that may be used.
    public var hasCalendar: Bool

    /// An account.
    public init(id: UUID, address: String, needsReconnect: Bool, hasMail: Bool, hasCalendar: Bool) {
        self.id = id
        self.address = address
        self.needsReconnect = needsReconnect
        self.hasMail = hasMail
        self.hasCalendar = hasCalendar
    }
}
