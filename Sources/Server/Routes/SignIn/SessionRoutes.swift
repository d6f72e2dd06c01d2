import JSON
import Tenancy

/// A person's devices.
struct SessionRoutes: RouteGroup {
    let sessions: SessionStore
    let invalidation: Invalidation

    var routes: [Route] { [list, end] }

    private var list: Route {
        Route(
            method: .get, path: "/api/auth/sessions", summary: "Where I am signed in.", tag: "Sign-in",
            access: .person, answers: [.page(of: "Session")]
        ) { call in
            let sessions = try await sessions.list(of: call.userId, current: call.caller.identity?.sessionId)
            return .cacheable(Page(items: sessions, nextCursor: nil))
        }
    }

    private var end: Route {
        Route(
            method: .delete, path: "/api/auth/sessions/{id}", summary: "Sign a device out.", tag: "Sign-in",
            access: .person, answers: [.done]
        ) { call in
            try await sessions.end(call.userId, call.id())
            try await invalidation.person(call.userId)
            return .noContent
        }
    }
}
