import Conversations
import Foundation
import JSON
import Tenancy

/// What people think of agents' answers.
struct FeedbackRoutes: RouteGroup {
    let feedback: AgentFeedbackStore
    let conversations: ConversationStore

    var routes: [Route] { [put, list] }

    private var put: Route {
        Route(
            method: .put, path: "/api/conversations/{id}/messages/{messageId}/feedback",
            summary: "Say whether an agent's answer helped; the last word of each counts.", tag: "Agents",
            access: .visitorToo(.conversationsWrite),
            body: .object([
                .required("score", .oneOf([1, -1]).described("1 when it helped, -1 when it did not.").example(1)),
                .optional("note", .text(1...1000, notBlank: true).orNull),
            ]), answers: [.ok("AgentFeedback")]
        ) { call in
            let number = call.input.integer("score").flatMap { Int(exactly: $0) } ?? 0
            guard let score = AgentFeedback.Score(rawValue: number) else {
                throw Problem.invalid("score", "not_allowed", "must be 1 or -1")
            }
            let scope = try call.scope
            let message = try await conversations.message(call.id("messageId"), of: call.id(), in: scope)
            guard message.role == .agent, let agent = message.agentName, message.deletedAt == nil else {
                throw StoreConflict(field: nil, code: "no_answer", message: "only an agent's answer is judged")
            }
            return .json(
                try await feedback.put(
                    scope, messageId: message.id, conversationId: message.conversationId, agent: agent, score,
                    note: call.input.string("note")))
        }
    }

    private var list: Route {
        Route(
            method: .get, path: "/api/agent-feedback", summary: "What people thought of agents' answers, newest first.",
            tag: "Agents", access: .company(.agentLogsRead),
            query: QueryParameter.page + [
                QueryParameter("agent", .text(1...32), "Of this agent only."),
                QueryParameter("helped", .boolean, "Those that helped, or those that did not."),
            ], answers: [.page(of: "AgentFeedback")]
        ) { call in
            .cacheable(
                try await feedback.list(
                    call.scope, page: call.page(), agent: call.query.string("agent"),
                    score: call.query.flag("helped").map { $0 ? .good : .bad }))
        }
    }
}
