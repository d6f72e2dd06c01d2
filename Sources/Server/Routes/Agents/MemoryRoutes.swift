import Foundation
import JSON
import Tenancy

/// What agents remember for the caller: to see, correct and delete.
struct MemoryRoutes: RouteGroup {
    let memories: MemoryStore

    var routes: [Route] { [list, create, get, change, delete] }

    private static let text = Schema.text(1...2000, notBlank: true).example("My gate code is on the blue card.")
    private static let optionalFields: [Field] = [
        .optional("pinned", .boolean),
        .optional("expiresAt", .time.orNull.described("When it is forgotten by itself.")),
    ]

    private var list: Route {
        Route(
            method: .get, path: "/api/memories", summary: "What agents remember for me; a key's are the company's.",
            tag: "Agents", access: .company(.conversationsRead),
            query: QueryParameter.page + [
                QueryParameter("q", .text(1...500), "Words to find; the best 50 at most, without a cursor."),
                QueryParameter("shared", .boolean, "With what members shared with the company."),
            ], answers: [.page(of: "Memory")]
        ) { call in
            // A member sees what is shared with all of them: the look-up is the company's own, for this member alone.
            let scope = try call.scope
            let subject: Subject? = scope.userId.map { .user($0) }
            let inside = subject == nil ? scope : TenantScope.forJob(companyId: scope.companyId)
            let withShared = call.query.flag("shared") ?? false
            if let words = call.query.string("q") {
                let found = try await memories.search(
                    inside, words, limit: min(call.page().limit, 50), subject: subject, withShared: withShared)
                return .cacheable(Page(items: found, nextCursor: nil))
            }
            return .cacheable(
                try await memories.list(inside, page: call.page(), subject: subject, withShared: withShared))
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/memories", summary: "Let agents remember something for me.", tag: "Agents",
            access: .company(.conversationsWrite), body: .object([.required("text", Self.text)] + Self.optionalFields),
            answers: [.created("Memory").located.tagged]
        ) { call in
            let scope = try call.scope
            let draft = MemoryDraft(
                try call.input.required("text"), source: scope.userId == nil ? .imported : .userSaid,
                pinned: call.input.flag("pinned") ?? false, expiresAt: call.input.time("expiresAt"))
            let memory = try await memories.save(scope, draft, id: call.resourceId ?? .v7())
            return Answer.created(memory, at: "/api/memories/\(memory.id.lowercased)").tagged(memory.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/memories/{id}", summary: "One thing that is remembered for me.", tag: "Agents",
            access: .company(.conversationsRead), answers: [.ok("Memory").tagged]
        ) { call in
            let memory = try await memories.get(call.scope, call.id())
            return Answer.json(memory).tagged(memory.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/memories/{id}", summary: "Correct, pin or date something remembered for me.",
            tag: "Agents", access: .company(.conversationsWrite),
            body: .object([.optional("text", Self.text)] + Self.optionalFields), answers: [.ok("Memory").tagged]
        ) { call in
            let input = call.input
            let patch = MemoryPatch(
                text: input.change("text", Input.string), pinned: input.change("pinned", Input.flag),
                expiresAt: input.optionalChange("expiresAt", Input.time))
            let memory = try await memories.update(call.scope, call.id(), patch, ifVersion: try call.ifMatch())
            return Answer.json(memory).tagged(memory.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/memories/{id}", summary: "Forget something remembered for me.", tag: "Agents",
            access: .company(.conversationsWrite), answers: [.done]
        ) { call in
            try await memories.forget(call.scope, call.id())
            return .noContent
        }
    }
}
