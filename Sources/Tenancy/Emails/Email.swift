public import Foundation
public import JSON

/// One e-mail in a company's mailbox, or in one member's.
public struct Email: Sendable, Hashable {
    /// Whether it came in or goes out.
    public enum Direction: String, Sendable, Hashable, CaseIterable {
        /// It came in.
        case inbound
        /// It went out, or is to.
        case outbound
    }

    /// Where it is on its way.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It came in.
        case received
        /// It was written and not sent; only who wrote it sees it.
        case draft
        /// It was released and waits for the company's mail program.
        case queued
        /// It went out.
        case sent
        /// The mail program could not deliver it.
        case failed
    }

    /// The e-mail's id.
    public let id: UUID
    /// Whose mailbox it is in; nil for the company's own.
    public let userId: UUID?
    /// The thread's id.
    public let threadId: UUID
    /// Message-ID of RFC 5322, without angle brackets.
    public let messageId: String
    /// The Message-ID it answers.
    public let inReplyTo: String?
    /// The Message-IDs of the thread so far, oldest first.
    public let references: [String]
    /// Whether it came in or goes out.
    public let direction: Direction
    /// Where it is on its way.
    public let state: State
    /// Who wrote it; nil for a draft whose sender the mail program chooses.
    public let fromAddress: String?
    /// The name beside that address.
    public let fromName: String?
    /// Whom it is addressed to.
    public let to: [String]
    /// Who gets a copy.
    public let cc: [String]
    /// The subject; may be empty.
    public let subject: String
    /// The text.
    public let text: String
    /// When it was written.
    public let date: Date
    /// Whether somebody has read it.
    public let isRead: Bool
    /// Whether a later e-mail of ours is in its thread. Known in lists only.
    public let isAnswered: Bool?
    /// When it was stored.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Email: JSONEncodable {
    /// Writes the e-mail as the API shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("userId", userId)
            $0.field("threadId", threadId)
            $0.field("messageId", messageId)
            $0.field("inReplyTo", inReplyTo)
            $0.field("references", references)
            $0.field("direction", direction.rawValue)
            $0.field("state", state.rawValue)
            $0.field("from", fromAddress)
            $0.field("fromName", fromName)
            $0.field("to", to)
            $0.field("cc", cc)
            $0.field("subject", subject)
            $0.field("text", text)
            $0.field("date", date)
            $0.field("read", isRead)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
