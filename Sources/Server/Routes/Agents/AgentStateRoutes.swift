import Agents
import Foundation
import JSON
import Tenancy

/// What an agent remembers for the caller, or for a customer.
struct AgentStateRoutes: RouteGroup {
    let states: AgentStateStore
    let registry: AgentRegistry

    var routes: [Route] { [get, put, merge, delete] }

    private static let subject = [
        QueryParameter("customerId", .identifier, "The customer whom it is remembered for; the caller without it.")
    ]

    private var get: Route {
        Route(
            method: .get, path: "/api/agents/{name}/state", summary: "An agent's memory for me, or for a customer.",
            tag: "Agents", access: .visitorToo(.conversationsRead), query: Self.subject,
            answers: [.ok("AgentState").tagged]
        ) { call in
            let agent = try await agent(call)
            guard let state = try await states.find(call.scope, agent: agent, subject: Self.subject(call)) else {
                return Answer.json(EmptyState(agentName: agent)).tagged(0)
            }
            return Answer.json(state).tagged(state.version)
        }
    }

    private var put: Route {
        Route(
            method: .put, path: "/api/agents/{name}/state", summary: "Replace an agent's memory; at most 64 KiB.",
            tag: "Agents", access: .visitorToo(.conversationsWrite), query: Self.subject,
            body: .object([.required("state", .freeObject)]), answers: [.ok("AgentState").tagged]
        ) { call in
            let state = try await states.put(
                call.scope, agent: try await agent(call), call.input.members("state") ?? [:],
                subject: Self.subject(call), ifVersion: try call.ifMatch())
            return Answer.json(state).tagged(state.version)
        }
    }

    private var merge: Route {
        Route(
            method: .patch, path: "/api/agents/{name}/state",
            summary: "Lay an object over an agent's memory: objects merge, null removes, all else replaces.",
            tag: "Agents", access: .visitorToo(.conversationsWrite), query: Self.subject,
            body: .object([.required("state", .freeObject)]), answers: [.ok("AgentState").tagged]
        ) { call in
            let state = try await states.merge(
                call.scope, agent: try await agent(call), call.input.members("state") ?? [:],
                subject: Self.subject(call), ifVersion: try call.ifMatch())
            return Answer.json(state).tagged(state.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/agents/{name}/state", summary: "Make an agent forget.", tag: "Agents",
            access: .visitorToo(.conversationsWrite), query: Self.subject, answers: [.done]
        ) { call in
            try await states.delete(call.scope, agent: try await agent(call), subject: Self.subject(call))
            return .noContent
        }
    }

    private func agent(_ call: Call) async throws -> String {
        let name = try call.name()
        guard
            try await registry.agents(call.scope, generations: call.caller.generations).profiles
                .contains(where: { $0.name == name })
        else {
            throw NotFound("agent")
        }
        return name
    }

    private static func subject(_ call: Call) -> Subject? { call.query.identifier("customerId").map { .customer($0) } }
}

/// A memory in which nothing is yet.
struct EmptyState: JSONEncodable {
    let agentName: String

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("agentName", agentName)
            writer.field("state", JSONObject())
            writer.field("version", 0)
            writer.field("createdAt", Date?.none)
            writer.field("updatedAt", Date?.none)
        }
    }
}
