import Conversations
import Foundation
import JSON
import Tenancy

/// What a visitor with a widget token sees of things that both sides share. The company's side of them, such as an
/// agent's reasoning, what programs keep in `metadata` and who is assigned, is left out: the fields are there, empty.
/// A member is seen by the name that came with the message, and as nothing but a person who has control.
extension TenantScope {
    /// The message as the caller may see it.
    func view(_ message: Message) -> Message { customerId == nil ? message : message.forVisitor }

    /// The conversation as the caller may see it.
    func view(_ conversation: Conversation) -> Conversation {
        customerId == nil ? conversation : conversation.forVisitor
    }

    /// The customer as the caller may see it.
    func view(_ customer: Customer) -> Customer { customerId == nil ? customer : customer.forVisitor }

    /// The page as the caller may see it.
    func view(_ page: MessagePage) -> MessagePage {
        customerId == nil ? page : MessagePage(messages: page.messages.map(\.forVisitor), next: page.next)
    }
}

extension Message {
    /// Whether it holds nothing that a visitor does not see.
    var isPlain: Bool {
        reasoning == nil && functionCalls == nil && functionOutputs == nil && metadata == forVisitorMetadata
            && (clientMessageId == nil || role == .customer) && delivery == nil
    }

    /// Of `metadata` the name under which a member answers.
    private var forVisitorMetadata: JSONObject {
        guard role == .user, !metadata.isEmpty, let name = metadata[AuthorName.key]?.stringValue,
            AuthorName.isName(name)
        else { return [:] }
        return [AuthorName.key: .string(name)]
    }

    /// The message as a visitor sees it.
    var forVisitor: Message {
        if isPlain { return self }
        var message = self
        message.reasoning = nil
        message.functionCalls = nil
        message.functionOutputs = nil
        message.metadata = forVisitorMetadata
        message.delivery = nil
        if role != .customer { message.clientMessageId = nil }
        return message
    }
}

extension Conversation {
    /// The conversation as a visitor sees it: of `metadata` the store's keys and those that the visitor set itself.
    var forVisitor: Conversation {
        var conversation = self
        conversation.assignee = nil
        conversation.attributes = [:]
        if conversation.control.isHeldByPerson { conversation.control.holder = Control.somePerson }
        return conversation
    }
}

extension Control {
    /// The holder that a visitor is told of for any member.
    static let somePerson = "person"
}
