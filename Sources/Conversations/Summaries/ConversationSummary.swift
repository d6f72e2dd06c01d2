public import Foundation
import Mongo

/// What was said in the older part of a conversation, in a few words of a language model.
public struct ConversationSummary: Sendable, Hashable {
    /// The place after which it begins: where an agent's part began anew, 0 for the conversation's beginning.
    public var after: Int
    /// The place up to which it goes.
    public var seq: Int
    /// The text; empty when nothing was worth keeping.
    public var text: String
    /// What went into it.
    public var labels: ContentLabels
    /// When the messages were read. One that changed since makes it void.
    public var readAt: Date

    /// The most bytes of ``text``.
    public static let maximumBytes = 16 << 10

    /// A summary of what stands after `after` and not after `seq`.
    public init(after: Int, seq: Int, text: String, labels: ContentLabels, readAt: Date) {
        self.after = after
        self.seq = seq
        self.text = text
        self.labels = labels
        self.readAt = readAt
    }
}

/// The right to write a conversation's summary, for whoever has it alone and for a short time.
public struct SummaryClaim: Sendable {
    /// The summary so far.
    public let summary: ConversationSummary?
    let key: ConversationKey
    let lease: UUID
    /// How often messages changed so far that a summary covered.
    let revision: Int
}

extension ConversationSummary {
    init?(_ document: BSONDocument) {
        guard let after = document.int("after"), let seq = document.int("seq"), let text = document.string("text"),
            let readAt = document.date("readAt")
        else { return nil }
        self.init(
            after: after, seq: seq, text: text,
            labels: document.document("labels").map { ContentLabels($0) }
                ?? ContentLabels(isExternal: true, isPrivate: true), readAt: readAt)
    }
}
