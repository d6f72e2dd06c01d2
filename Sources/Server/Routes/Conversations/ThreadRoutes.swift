import Conversations
import JSON
import Tenancy

/// A person's one thread with the agents, `/messages`.
struct ThreadRoutes: RouteGroup {
    let conversations: ConversationStore
    let posting: MessagePosting

    var routes: [Route] { [list, create] }

    private var list: Route {
        Route(
            method: .get, path: "/api/messages", summary: "My own thread's messages, in the order of `seq`.",
            tag: "Messages", access: .person, query: MessageRoutes.window, answers: [.ok("MessageList").tagged]
        ) { call in
            let window = try MessageWindow(call.query)
            let thread = try await conversations.thread(in: call.scope)
            return .cacheable(
                MessageList(
                    try await conversations.messages(
                        of: thread.id, at: window.position, limit: window.limit, in: call.scope)))
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/messages",
            summary: "Write in my own thread and wait for the mentioned agent, or the assistant.", tag: "Messages",
            access: .person, body: MessageRoutes.body,
            answers: [
                .created("AnsweredMessage").patient, .ok("AnsweredMessage", "A repeated `clientMessageId`.").patient,
            ],
            sizedFields: ["content"]
        ) { call in try await posting.postToThread(call) }
    }
}
