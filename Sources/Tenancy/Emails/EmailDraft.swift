public import Foundation

/// An e-mail as it is put into a mailbox.
public struct EmailDraft: Sendable, Hashable {
    /// 1 to 998 characters, with or without angle brackets; the same one twice in a mailbox is one e-mail.
    public var messageId: String
    /// The Message-ID it answers.
    public var inReplyTo: String?
    /// The Message-IDs of the thread, oldest first; of more than 100 the oldest are left out.
    public var references: [String]
    /// Whether it came in or goes out.
    public var direction: Email.Direction
    /// Where it is on its way.
    public var state: Email.State
    /// Who wrote it.
    public var fromAddress: String?
    /// Up to 200 characters.
    public var fromName: String?
    /// Up to 100 addresses.
    public var to: [String]
    /// Up to 100 addresses.
    public var cc: [String]
    /// Up to 998 characters.
    public var subject: String
    /// Up to 100,000 characters.
    public var text: String
    /// When it was written.
    public var date: Date
    /// Whether it counts as read.
    public var isRead: Bool

    /// How long a text may be, in characters.
    public static let longestText = 100_000
    /// How many addresses a field may have.
    public static let maximumAddresses = 100

    /// An e-mail that came in, unless said otherwise.
    public init(
        messageId: String, inReplyTo: String? = nil, references: [String] = [],
        direction: Email.Direction = .inbound, state: Email.State = .received, fromAddress: String? = nil,
        fromName: String? = nil, to: [String] = [], cc: [String] = [], subject: String = "", text: String = "",
        date: Date = Date(), isRead: Bool = false
    ) {
        self.messageId = messageId
        self.inReplyTo = inReplyTo
        self.references = references
        self.direction = direction
        self.state = state
        self.fromAddress = fromAddress
        self.fromName = fromName
        self.to = to
        self.cc = cc
        self.subject = subject
        self.text = text
        self.date = date
        self.isRead = isRead
    }

    /// The same with addresses and ids in the one spelling in which they are stored.
    var normal: EmailDraft {
        var draft = self
        func address(_ text: String) -> String { EmailAddress(text)?.text ?? text }
        draft.messageId = Self.plainId(messageId)
        draft.inReplyTo = inReplyTo.map(Self.plainId).flatMap { $0.isEmpty ? nil : $0 }
        draft.references = references.map(Self.plainId).filter { !$0.isEmpty }.suffix(100)
        draft.fromAddress = fromAddress.map(address)
        draft.to = to.map(address)
        draft.cc = cc.map(address)
        return draft
    }

    /// A Message-ID without angle brackets and white space.
    static func plainId(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: "<>")))
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("messageId", messageId, 1...998)
        checks.text("inReplyTo", inReplyTo, 0...998)
        for (index, id) in references.enumerated() { checks.text("references[\(index)]", id, 1...998) }
        checks.email("from", fromAddress)
        checks.text("fromName", fromName, 0...200)
        for (field, addresses) in [("to", to), ("cc", cc)] {
            if addresses.count > Self.maximumAddresses {
                checks.add(field, "too_long", "must have at most \(Self.maximumAddresses) addresses")
            }
            for (index, address) in addresses.enumerated() { checks.email("\(field)[\(index)]", address) }
        }
        checks.text("subject", subject, 0...998)
        checks.text("text", text, 0...Self.longestText)
        return checks
    }
}
