import Agents
import Conversations
import Foundation
import JSON
import Tenancy

/// The agents: who there is, and talking to one of them.
struct AgentRoutes: RouteGroup {
    let registry: AgentRegistry
    let definitions: AgentStore
    let posting: MessagePosting

    var routes: [Route] { [list, get, chat, parse] }

    private var list: Route {
        Route(
            method: .get, path: "/api/agents", summary: "The agents of the company, the built-in ones first.",
            tag: "Agents", access: .company(.agentsRead), answers: [.page(of: "Agent")]
        ) { call in
            let agents = try await registry.agents(call.scope, generations: call.caller.generations)
            return .cacheable(Page(items: agents.profiles, nextCursor: nil))
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/agents/{name}",
            summary: "One agent, with its definition when it is the company's.",
            tag: "Agents", access: .company(.agentsRead), answers: [.ok("Agent").tagged]
        ) { call in
            let name = try call.name()
            guard registry.isBuiltIn(name) else {
                let definition = try await definitions.get(call.scope, name)
                return Answer.json(AgentView(definition)).tagged(definition.version)
            }
            let agents = try await registry.agents(call.scope, generations: call.caller.generations)
            guard let profile = agents.profiles.first(where: { $0.name == name }) else { throw NotFound("agent") }
            return Answer.json(AgentView(builtIn: profile)).tagged(profile.version)
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
            let directory = try await registry.directory(
                for: isCustomer ? .customer : .member, scope, generations: call.caller.generations)
            return .json(MentionParser.parse(try call.input.required("content"), directory: directory))
        }
    }
}
