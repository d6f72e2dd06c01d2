import Agents
import Conversations
import Foundation
import JSON
import Tenancy

/// The agents: who there is, and talking to one of them.
struct AgentRoutes: RouteGroup {
    let registry: AgentRegistry
    let posting: MessagePosting

    var routes: [Route] { [list, get, chat, parse] }

    private var list: Route {
        Route(
            method: .get, path: "/api/agents", summary: "The agents of the company.", tag: "Agents",
            access: .company(.agentsRead), answers: [.page(of: "Agent")]
        ) { call in .cacheable(Page(items: try await registry.profiles(call.scope), nextCursor: nil)) }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/agents/{name}", summary: "One agent.", tag: "Agents",
            access: .company(.agentsRead), answers: [.ok("Agent").tagged]
        ) { call in
            let name = try call.name()
            guard let agent = try await registry.profiles(call.scope).first(where: { $0.name == name }) else {
                throw NotFound("agent")
            }
            return .cacheable(agent)
        }
    }

    private var chat: Route {
        Route(
            method: .post, path: "/api/agents/{name}/chat", summary: "Talk to one agent and wait for its reply.",
            tag: "Agents", access: .company(.conversationsWrite),
            body: .object([
                .required("content", MessageRoutes.content),
                .optional("conversationId", .identifier.orNull.described("The caller's own thread without it.")),
                .optional("clientMessageId", .text(1...255).orNull),
            ]), answers: [.ok("AgentReply")], sizedFields: ["content"]
        ) { call in try await posting.chat(call, with: try call.name()) }
    }

    private var parse: Route {
        Route(
            method: .post, path: "/api/routing/parse",
            summary: "Which agents a text would reach; nothing is stored.", tag: "Agents",
            access: .visitorToo(.conversationsRead),
            body: .object([
                .required("content", .text(0...MessageDraft.maximumContentBytes)),
                .optional("role", .words(["user", "customer"])),
            ]), answers: [.ok("Routing")]
        ) { call in
            let scope = try call.scope
            let isCustomer = scope.customerId != nil || call.input.string("role") == "customer"
            let directory = try await registry.directory(for: isCustomer ? .customer : .member, scope)
            return .json(MentionParser.parse(try call.input.required("content"), directory: directory))
        }
    }
}

/// One record a turn.
struct AgentLogRoutes: RouteGroup {
    let logs: AgentLogStore

    var routes: [Route] {
        [
            Route(
                method: .get, path: "/api/agent-logs", summary: "What the agents did, newest first.", tag: "Agents",
                access: .company(.agentLogsRead),
                query: QueryParameter.page + [
                    QueryParameter("agent", .text(1...32), "Of this agent only."),
                    QueryParameter("conversationId", .identifier, "In this conversation only."),
                    QueryParameter(
                        "state", .words(AgentLog.State.allCases.map(\.rawValue)), "That ended like this only."),
                ], answers: [.page(of: "AgentLog")]
            ) { call in
                .cacheable(
                    try await logs.list(
                        call.scope, page: call.page(), agent: call.query.string("agent"),
                        conversationId: call.query.identifier("conversationId"), state: call.query.word("state")))
            }
        ]
    }
}
