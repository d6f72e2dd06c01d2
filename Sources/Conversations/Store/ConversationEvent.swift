public import Foundation

/// Something that happened in a conversation, told to whoever feeds event streams.
public struct ConversationEvent: Sendable, Hashable {
    /// What happened.
    public enum Change: Sendable, Hashable {
        /// Messages were stored for good, in the order of their `seq`.
        case messagesAppended([StoredMessage])
        /// A message was sent again that was stored a short while ago: the process that stored it may have ended before
        /// it could tell.
        case messageRepeated(Message)
        /// A message was edited.
        case messageUpdated(Message)
        /// A message was deleted; it is given as it is now, blank.
        case messageDeleted(Message)
        /// A conversation was made.
        case conversationCreated(Conversation)
        /// A conversation was changed.
        case conversationUpdated(Conversation)
        /// A conversation was deleted.
        case conversationDeleted
    }

    /// The company.
    public let companyId: UUID
    /// The conversation.
    public let conversationId: UUID
    /// Who may hear of it.
    public let audience: Audience
    /// What happened.
    public let change: Change
}

/// Who sees a conversation: what never changes about it.
public struct Audience: Sendable, Hashable {
    /// The company, or one user alone.
    public let owner: Owner
    /// The customer it is with, who sees it too.
    public let customerId: UUID?
    /// Where it takes place.
    public let platform: Platform

    /// This user and nobody else.
    public static func only(_ userId: UUID) -> Audience {
        Audience(owner: .user(userId), customerId: nil, platform: .internal)
    }
}

extension Conversation {
    /// Who sees it.
    public var audience: Audience { Audience(owner: owner, customerId: customerId, platform: platform) }

    var place: ConversationPlace { ConversationPlace(ConversationKey(companyId: companyId, conversationId: id)) }

    func event(_ change: ConversationEvent.Change) -> ConversationEvent {
        ConversationEvent(companyId: companyId, conversationId: id, audience: audience, change: change)
    }
}
