import Conversations
import Foundation
import JSON
import Tenancy

/// What is said in a conversation.
struct MessageRoutes: RouteGroup {
    let conversations: ConversationStore
    let messages: MessagePosting
    let pages: MessagePages

    var routes: [Route] { [list, create, get, change, delete] }

    static let roles = MessageRole.allCases.map(\.rawValue) + ["assistant"]
    static let content = Schema.text(
        1...MessageDraft.maximumContentBytes, maximumBytes: MessageDraft.maximumContentBytes, notBlank: true)

    /// What a new message may hold.
    static let body = Schema.object([
        .required("content", content.example("@sales how much is the 12 week plan?")),
        .optional("role", .words(roles).described("`assistant` is another word for `agent`.")),
        .optional(
            "clientMessageId", .text(1...255).orNull.described("Makes a repeated send return the first message.")),
        .optional("agentName", .text(1...64).orNull.example(.null).described("Who answered, with the role `agent`.")),
        .optional("reasoning", .any), .optional("functionCalls", .any),
        .optional("functionOutputs", .any),
        .optional(
            "metadata",
            .freeObject.orNull.described(
                "The company's side of a message: not shown to a visitor, but `authorName`, under which a member answers."
            )),
        .optional("inReplyTo", .identifier.orNull),
    ])

    /// Which messages to show.
    static let window = [
        QueryParameter("after", .integer(0 ... .max), "Those with a greater `seq`."),
        QueryParameter("before", .integer(1 ... .max), "Those with a smaller `seq`; the nearest."),
        QueryParameter("limit", .integer(1...200), "How many at most; 50 without it."),
        QueryParameter("cursor", .text(1...64), "`nextCursor` of the page before."),
    ]

    private var list: Route {
        Route(
            method: .get, path: "/api/conversations/{id}/messages",
            summary: "Messages in the order of `seq`: after one, before one, or the latest.", tag: "Messages",
            access: .visitorToo(.conversationsRead),
            query: Self.window, answers: [.ok("MessageList").tagged], edition: "id"
        ) { call in try await pages.answer(call.id(), MessageWindow(call.query), for: call) }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/conversations/{id}/messages", summary: "Write a message.", tag: "Messages",
            access: .visitorToo(.conversationsWrite), body: Self.body,
            answers: [
                .created("AnsweredMessage", "Stored durably; with `Prefer: wait=N` also the agents' replies.").patient,
                .ok("AnsweredMessage", "A repeated `clientMessageId`: the first message again.").patient,
            ], sizedFields: ["content"]
        ) { call in try await messages.post(call, in: call.id()) }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/conversations/{id}/messages/{messageId}", summary: "One message.",
            tag: "Messages", access: .visitorToo(.conversationsRead), answers: [.ok("Message").tagged]
        ) { call in
            let message = try await conversations.message(call.id("messageId"), of: call.id(), in: call.scope)
            return .cacheable(try call.scope.view(message))
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/conversations/{id}/messages/{messageId}",
            summary: "Edit a message; its `seq` stays.", tag: "Messages", access: .visitorToo(.conversationsWrite),
            body: .object([.optional("content", Self.content), .optional("metadata", .freeObject)]),
            answers: [.ok("Message")], sizedFields: ["content"]
        ) { call in
            let (scope, id, conversation) = (try call.scope, try call.id("messageId"), try call.id())
            var edit = MessageEdit(content: call.input.string("content"), metadata: call.input.members("metadata"))
            if let metadata = edit.metadata {
                let before = try await conversations.message(id, of: conversation, in: scope)
                edit.metadata = metadata.keepingAuthor(of: before, in: scope)
            }
            let message = try await conversations.edit(id, of: conversation, edit, in: scope)
            return .json(try call.scope.view(message))
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/conversations/{id}/messages/{messageId}",
            summary: "Delete a message; its `seq` stays, its content goes.", tag: "Messages",
            access: .visitorToo(.conversationsWrite), answers: [.done]
        ) { call in
            try await conversations.delete(message: call.id("messageId"), of: call.id(), in: call.scope)
            return .noContent
        }
    }
}

/// Which messages a caller asks for.
struct MessageWindow {
    let position: MessagePosition
    let limit: Int

    init(_ query: Input) throws(Problem) {
        limit = Int(query.integer("limit") ?? 50)
        let after = query.integer("after").map { Int($0) }
        let before = query.integer("before").map { Int($0) }
        switch (query.string("cursor"), after, before) {
        case (let cursor?, nil, nil):
            guard let position = MessagePosition(cursor: cursor) else {
                throw .invalid("cursor", "invalid", "must be the nextCursor of an earlier answer")
            }
            self.position = position
        case (nil, let after?, nil): position = .after(after)
        case (nil, nil, let before?): position = .before(before)
        case (nil, nil, nil): position = .latest
        default: throw .invalid("after", "not_allowed", "after, before and cursor cannot be combined")
        }
    }
}

extension MessagePosition {
    /// Reads what ``cursor`` wrote.
    init?(cursor: String) {
        guard let seq = Int(cursor.dropFirst()), seq >= 0 else { return nil }
        switch cursor.first {
        case "a": self = .after(seq)
        case "b": self = .before(seq)
        default: return nil
        }
    }

    /// This position as an opaque word.
    var cursor: String? {
        switch self {
        case .latest: nil
        case .after(let seq): "a\(seq)"
        case .before(let seq): "b\(seq)"
        }
    }
}
