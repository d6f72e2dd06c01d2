import Conversations
import JSON

/// The shapes of conversations, messages and web chat.
enum ConversationComponents {
    static let all: [(name: String, schema: Schema)] = [
        ("Conversation", conversation), ("ConversationDetail", detail), ("NewConversation", created),
        ("Message", message), ("AnsweredMessage", answered), ("MessageList", messageList),
        ("ReadMark", readMark), ("Presence", presence), ("WidgetSession", widgetSession),
        ("WidgetConfig", widgetConfig),
    ]

    static let platforms = ["web", "email", "whatsapp", "api", "internal"]
    static let statuses = ["active", "archived"]
    static let deliveryStates = Delivery.State.allCases.filter { $0 != .pending }.map(\.rawValue)

    private static let fields: [Field] = [
        .required("id", .identifier), .required("companyId", .identifier), .required("customerId", .identifier.orNull),
        .required("platform", .words(platforms)), .required("title", .text().orNull),
        .required("status", .words(statuses)), .required("assignee", .text().orNull),
        .required("agent", .text().orNull),
        .required(
            "control",
            .object([
                .required(
                    "holder",
                    .text().orNull.described(
                        "A user's id, or `agent:<name>`. A visitor is told `person` for any member.")),
                .required("version", .integer(0 ... .max)),
                .required(
                    "requestedAt", .time.orNull.described("Since when a person is called for; agents keep quiet.")),
            ])),
        .required(
            "metadata", .freeObject.described("`lastMessageAt`, `messageCount`, `status`, and the caller's own keys.")),
        .required("createdAt", .time), .required("updatedAt", .time),
        .optional(
            "unreadCount",
            .integer(0 ... .max).described(
                "In lists, for members: messages after their read mark, without deleted ones and their own.")),
    ]
    private static let readMark = Schema.object([
        .required("conversationId", .identifier), .required("userId", .identifier),
        .required("seq", .integer(0 ... .max)),
    ])
    private static let presence = Schema.object([
        .required("userId", .identifier), .required("online", .boolean),
        .required(
            "conversationIds", .array(of: .identifier).described("What they have open of the company's conversations.")),
    ])
    private static let conversation = Schema.object(fields)
    private static let detail = Schema.object(
        fields + [
            .required("customer", .reference("Customer").orNull),
            .required("lastMessage", .reference("Message").orNull),
        ])
    private static let created = Schema.object(
        fields + [
            .optional(
                "message", .reference("AnsweredMessage").described("The first message, when one was sent along."))
        ])

    private static let messageFields: [Field] = [
        .required("id", .identifier), .required("conversationId", .identifier), .required("seq", .integer(1 ... .max)),
        .required("role", .words(["customer", "user", "agent", "system"])), .required("content", .text()),
        .required("agentName", .text().orNull), .required("clientMessageId", .text().orNull),
        .required("reasoning", .any), .required("functionCalls", .any), .required("functionOutputs", .any),
        .required(
            "metadata",
            .freeObject.described(
                "The sender's own keys. `authorName` of a member's message is the name that the customer sees, the "
                    + "member's own unless another one or `null` is given; a visitor is shown no other key.")),
        .required("inReplyTo", .identifier.orNull), .required("timestamp", .time),
        .required("editedAt", .time.orNull), .required("deletedAt", .time.orNull),
        .optional(
            "delivery",
            Schema.object([
                .required("state", .words(deliveryStates)),
                .required("error", .text().orNull.described("What went wrong.")),
                .required("updatedAt", .time.orNull),
            ]).described(
                "For members: how the message fares on its way to a customer on WhatsApp or e-mail. `needs_template`: it "
                    + "is sent when the customer writes again. States only ever go forward.")),
    ]
    private static let message = Schema.object(messageFields)
    private static let answered = Schema.object(
        messageFields + [
            .optional(
                "replies",
                .array(of: .reference("Message")).described("With `Prefer: wait=N`: the agents' replies so far."))
        ])
    private static let messageList = Schema.object([
        .required("data", .array(of: .reference("Message"))), .required("nextCursor", .text().orNull),
    ])

    private static let widgetSession = Schema.object([
        .required("token", .text()), .required("expiresAt", .time), .required("customer", .reference("Customer")),
        .required("conversation", .reference("Conversation")),
    ])
    private static let widgetConfig = Schema.object([
        .required("name", .text()), .required("colors", .freeObject), .required("greeting", .text().orNull),
        .required(
            "agents", .array(of: .object([.required("name", .text()), .required("description", .text().orNull)]))),
    ])
}
