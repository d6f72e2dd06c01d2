public import Foundation
public import JSON
public import Tenancy

/// A conversation to be made.
public struct ConversationDraft: Sendable, Hashable {
    /// The most characters of a title.
    public static let maximumTitleLength = 200

    /// The id it shall have. Making it again with the same id is a repeat and returns the first. Nil: a fresh one.
    public var id: UUID?
    /// A name for people.
    public var title: String?
    /// The customer it is with. The caller of the store has made sure that the company has this customer.
    public var customerId: UUID?
    /// Where it takes place. Nil: `internal` without a customer for a member; `api` for a program; else `web`.
    public var platform: Platform?
    /// The caller's own keys of `metadata`.
    public var metadata: JSONObject
    /// The member who takes care of it.
    public var assignee: UUID?
    /// The agent that answers messages which mention nobody.
    public var agent: String?
    /// The first message, stored together with the conversation or not at all.
    public var message: MessageDraft?

    /// A draft; everything may be left out.
    public init(
        id: UUID? = nil, title: String? = nil, customerId: UUID? = nil, platform: Platform? = nil,
        metadata: JSONObject = [:], assignee: UUID? = nil, agent: String? = nil, message: MessageDraft? = nil
    ) {
        self.id = id
        self.title = title
        self.customerId = customerId
        self.platform = platform
        self.metadata = metadata
        self.assignee = assignee
        self.agent = agent
        self.message = message
    }
}

/// A change to a conversation.
public struct ConversationChange: Sendable, Hashable {
    /// The name for people.
    public var title: FieldChange<String?>
    /// Archives or revives it; nil leaves it.
    public var status: ConversationStatus?
    /// The caller's own keys of `metadata`, in place of all the old ones of its side; nil leaves them.
    public var metadata: JSONObject?
    /// The member who takes care of it.
    public var assignee: FieldChange<UUID?>
    /// The agent that answers messages which mention nobody.
    public var agent: FieldChange<String?>

    /// A change; what is not given stays as it is.
    public init(
        title: FieldChange<String?> = .keep, status: ConversationStatus? = nil, metadata: JSONObject? = nil,
        assignee: FieldChange<UUID?> = .keep, agent: FieldChange<String?> = .keep
    ) {
        self.title = title
        self.status = status
        self.metadata = metadata
        self.assignee = assignee
        self.agent = agent
    }
}

/// What became of a request to make a conversation.
public struct CreatedConversation: Sendable, Hashable {
    /// The conversation as stored.
    public var conversation: Conversation
    /// Its first message, when the draft had one.
    public var message: Message?
    /// Whether it had been made before under the same id.
    public var replayed: Bool
}
