import Conversations
import JSON
import Tenancy

/// A conversation with whom it is with and what was said last.
struct ConversationDetail: JSONEncodable {
    let conversation: Conversation
    let customer: Customer?
    let lastMessage: Message?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            conversation.encodeFields(into: &writer)
            writer.field("customer", customer)
            writer.field("lastMessage", lastMessage)
        }
    }
}

/// A new conversation, and its first message when one was sent along.
struct OpenedConversation: JSONEncodable {
    let conversation: Conversation
    let message: AnsweredMessage?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            conversation.encodeFields(into: &writer)
            if let message { writer.field("message", message) }
        }
    }
}

/// A message, and the agents' replies to it when the caller waited for them.
struct AnsweredMessage: JSONEncodable {
    let message: Message
    let replies: [Message]?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            message.encodeFields(into: &writer)
            if let replies { writer.field("replies", replies) }
        }
    }
}

/// A page of messages.
struct MessageList: JSONEncodable {
    let page: MessagePage

    init(_ page: MessagePage) { self.page = page }

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("data", page.messages)
            writer.field("nextCursor", page.next?.cursor)
        }
    }
}
