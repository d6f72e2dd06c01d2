import Agents
import Conversations
import JSON
import Tenancy

/// One agent's answer to one message: how far it is, calling it off, trying it again.
struct TurnRoutes: RouteGroup {
    let conversations: ConversationStore
    let turns: TurnRunner

    var routes: [Route] { [get, cancel, retry] }

    private var get: Route {
        Route(
            method: .get, path: "/api/turns/{id}", summary: "One agent's answer to one message: how far it is.",
            tag: "Agents", access: .company(.conversationsRead), answers: [.ok("Turn")]
        ) { call in .cacheable(TurnView(try await turns.turn(call.id(), in: call.scope))) }
    }

    private var cancel: Route {
        Route(
            method: .post, path: "/api/turns/{id}/cancel",
            summary:
                "Call a turn off: the agent says nothing, and what waits for approval is not done. One that is over "
                + "stays as it is.",
            tag: "Agents", access: .company(.conversationsWrite), body: .object([]), bodyIsOptional: true,
            answers: [.ok("Turn")]
        ) { call in .json(TurnView(try await turns.cancel(call.id(), by: call.scope))) }
    }

    private var retry: Route {
        Route(
            method: .post, path: "/api/turns/{id}/retry",
            summary: "Try a failed turn again; its reply changes to what comes of it.",
            tag: "Agents", access: .company(.conversationsWrite), body: .object([]), bodyIsOptional: true,
            answers: [.ok("Turn")]
        ) { call in .json(TurnView(try await turns.retry(call.id(), by: call.scope))) }
    }
}

/// A turn as clients see it.
struct TurnView: JSONEncodable {
    private let turn: Turn

    init(_ turn: Turn) { self.turn = turn }

    func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", turn.id)
            $0.field("conversationId", turn.conversationId)
            $0.field("messageId", turn.triggerMessageId)
            // Notices of the system run as turns, too.
            $0.field("agent", turn.agent.hasPrefix("#") ? nil : turn.agent)
            $0.field("state", turn.state.word)
            $0.field("attempt", turn.attempt)
            $0.field("replyMessageId", turn.replyMessageId)
            $0.field("error", turn.error)
            $0.field("createdAt", turn.createdAt)
            $0.field("startedAt", turn.startedAt)
            $0.field("finishedAt", turn.finishedAt)
        }
    }
}
