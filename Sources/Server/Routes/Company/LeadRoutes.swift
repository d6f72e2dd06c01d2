import JSON
import Tenancy

/// What agents noted of people who may buy.
struct LeadRoutes: RouteGroup {
    let leads: LeadStore

    var routes: [Route] { [list, get, decide] }

    private static let kinds = Lead.Kind.allCases.map(\.rawValue)
    private static let statuses = Lead.Status.allCases.map(\.rawValue)

    private var list: Route {
        Route(
            method: .get, path: "/api/leads", summary: "Interests and drafted orders that agents noted, newest first.",
            tag: "Sales", access: .company(.salesRead),
            query: QueryParameter.page + [
                QueryParameter("kind", .words(Self.kinds), "Of this kind only."),
                QueryParameter("status", .words(Self.statuses), "With this status only."),
            ], answers: [.page(of: "Lead")]
        ) { call in
            .cacheable(
                try await leads.list(
                    call.scope, page: call.page(), kind: call.query.word("kind"), status: call.query.word("status")))
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/leads/{id}", summary: "One interest or drafted order.", tag: "Sales",
            access: .company(.salesRead), answers: [.ok("Lead").tagged]
        ) { call in
            let lead = try await leads.get(call.scope, call.id())
            return Answer.json(lead).tagged(lead.version)
        }
    }

    private var decide: Route {
        Route(
            method: .patch, path: "/api/leads/{id}",
            summary: "Take it up or put it aside. A confirmed order becomes pending sales.", tag: "Sales",
            access: .company(.salesWrite),
            body: .object([.required("status", .words(["confirmed", "dismissed"]))]), answers: [.ok("Lead").tagged]
        ) { call in
            let status: Lead.Status = call.input.word("status") ?? .dismissed
            let lead = try await leads.decide(call.scope, call.id(), status, ifVersion: try call.ifMatch())
            return Answer.json(lead).tagged(lead.version)
        }
    }
}
