import Agents
import Foundation
import JSON
import Tenancy

/// Agents of a company's own, and what it sets of the built-in ones.
struct AgentDefinitionRoutes: RouteGroup {
    let registry: AgentRegistry
    let definitions: AgentStore
    let invalidation: Invalidation

    var routes: [Route] { [create, change, delete, versions, rollBack] }

    private var create: Route {
        Route(
            method: .post, path: "/api/agents", summary: "Define an agent of the company's own.", tag: "Agents",
            access: .company(.agentsWrite),
            body: .object(
                [.required("name", .text(2...32, format: .agentName).example("returns"))] + AgentInput.fields),
            answers: [.created("Agent").located.tagged]
        ) { call in
            let scope = try call.scope
            let agent = try await definitions.create(
                scope, try AgentDraft(call.input), id: call.resourceId, limits: call.limits,
                check: try await registry.check(for: scope))
            await invalidation.agents(of: scope.companyId)
            return Answer.created(AgentView(agent), at: "/api/agents/\(agent.content.name)").tagged(agent.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/agents/{name}",
            summary: "Change an agent. Of a built-in one: active, instructions, model, temperature.", tag: "Agents",
            access: .company(.agentsWrite), body: .object(AgentInput.fields), answers: [.ok("Agent").tagged]
        ) { call in
            let scope = try call.scope
            let name = try call.name()
            if registry.isBuiltIn(name) { return try await changeBuiltIn(name, call) }
            let agent = try await definitions.update(
                scope, name, AgentPatch(call.input), ifVersion: try call.ifMatch(),
                check: try await registry.check(for: scope))
            await invalidation.agents(of: scope.companyId)
            return Answer.json(AgentView(agent)).tagged(agent.version)
        }
    }

    private func changeBuiltIn(_ name: String, _ call: Call) async throws -> Answer {
        let scope = try call.scope
        let input = call.input
        let refused = AgentInput.ownFields.filter(input.has).map {
            FieldError($0, "not_allowed", "cannot be changed of a built-in agent")
        }
        if !refused.isEmpty { throw Problem.invalid(refused) }
        _ = try await definitions.set(
            scope, builtIn: name, active: input.change("active", Input.flag),
            instructions: input.change("instructions", Input.string),
            model: input.optionalChange("model", Input.string),
            temperature: input.optionalChange("temperature", Input.number), ifVersion: try call.ifMatch())
        await invalidation.agents(of: scope.companyId)
        // Read anew, and not by the generations of a request that began before the change.
        let agents = try await registry.agents(scope)
        guard let profile = agents.profiles.first(where: { $0.name == name }) else { throw NotFound("agent") }
        return Answer.json(AgentView(builtIn: profile)).tagged(profile.version)
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/agents/{name}",
            summary: "Delete an agent of the company's own, with what it remembers.", tag: "Agents",
            access: .company(.agentsWrite), answers: [.done]
        ) { call in
            let scope = try call.scope
            let name = try call.name()
            if registry.isBuiltIn(name) {
                throw Problem.conflict(
                    "@\(name) is built in and cannot be deleted. PATCH it with {\"active\": false} to switch it off.")
            }
            try await definitions.delete(scope, name, ifVersion: try call.ifMatch())
            await invalidation.agents(of: scope.companyId)
            return .noContent
        }
    }

    private var versions: Route {
        Route(
            method: .get, path: "/api/agents/{name}/versions",
            summary: "What an agent of the company's own was before its last twenty changes, newest first.",
            tag: "Agents", access: .company(.agentsRead), answers: [.page(of: "AgentVersion")]
        ) { call in
            .cacheable(Page(items: try await definitions.versions(call.scope, call.name()), nextCursor: nil))
        }
    }

    private var rollBack: Route {
        Route(
            method: .post, path: "/api/agents/{name}/rollback",
            summary: "Make an agent what it was in an earlier version; that is a new version.", tag: "Agents",
            access: .company(.agentsWrite), body: .object([.required("version", .integer(1...2_000_000_000))]),
            answers: [.ok("Agent").tagged]
        ) { call in
            let scope = try call.scope
            let agent = try await definitions.restore(
                scope, call.name(), version: Int(call.input.integer("version") ?? 0), ifVersion: try call.ifMatch(),
                check: try await registry.check(for: scope))
            await invalidation.agents(of: scope.companyId)
            return Answer.json(AgentView(agent)).tagged(agent.version)
        }
    }
}
