import JSON
import Tenancy

/// The company's questions and answers, which `@sales` and its own agents know.
struct FAQRoutes: RouteGroup {
    let faqs: FAQStore

    var routes: [Route] { [list, replace] }

    private var list: Route {
        Route(
            method: .get, path: "/api/faqs", summary: "The company's questions and answers.", tag: "Agents",
            access: .company(.agentsRead), answers: [.page(of: "FAQ")]
        ) { call in .cacheable(Page(items: try await faqs.list(call.scope).map(\.content), nextCursor: nil)) }
    }

    private var replace: Route {
        Route(
            method: .put, path: "/api/faqs", summary: "Replace the company's questions and answers; at most 100.",
            tag: "Agents", access: .company(.agentsWrite),
            body: .object([.required("faqs", AgentInput.faqs)]), answers: [.page(of: "FAQ")]
        ) { call in
            let stored = try await faqs.replace(call.scope, call.input.questions("faqs") ?? [])
            return .cacheable(Page(items: stored.map(\.content), nextCursor: nil))
        }
    }
}
