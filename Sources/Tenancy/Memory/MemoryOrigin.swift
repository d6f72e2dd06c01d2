public import Foundation

/// The message because of which something is remembered.
public struct MemoryOrigin: Sendable, Hashable {
    /// The conversation.
    public let conversationId: UUID
    /// The message in it.
    public let messageId: UUID

    /// A message of a conversation.
    public init(conversationId: UUID, messageId: UUID) {
        self.conversationId = conversationId
        self.messageId = messageId
    }
}
