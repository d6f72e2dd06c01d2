import Foundation
import Mongo

/// A message on its way into a conversation.
struct AppendRequest: Sendable {
    let key: ConversationKey
    let audience: Audience
    let message: Message
    let document: MessageDocument
    /// Whether the message may turn out to be a repeat.
    let isIdempotent: Bool
}

/// What became of a message.
enum AppendResult: Sendable {
    /// It is stored for good, with this place and time.
    case stored(StoredMessage)
    /// It was stored before, by whoever sent it first.
    case repeated
}

/// A batch with its messages.
struct PreparedBatch: Sendable {
    var batch: AppendBatch
    /// Run by run, entry by entry.
    let requests: [[AppendRequest]]
}
