/// What a company's programs can be told of.
public enum WebhookEvent: String, Sendable, Hashable, CaseIterable {
    /// A message was stored, whoever wrote it.
    case messageCreated = "message.created"
    /// A message was edited, or an agent's reply changed to what came of it.
    case messageUpdated = "message.updated"
    /// A message was deleted.
    case messageDeleted = "message.deleted"
    /// A conversation was made.
    case conversationCreated = "conversation.created"
    /// A conversation was changed: title, status, assignee, who has control.
    case conversationUpdated = "conversation.updated"
    /// A conversation was deleted.
    case conversationDeleted = "conversation.deleted"

    /// What ``WebhookStore`` sends when a member tries a webhook out.
    public static let test = "webhook.test"
}
