import JSON
import Tenancy

/// The company's plan.
struct SubscriptionRoutes: RouteGroup {
    let subscriptions: SubscriptionStore
    let invalidation: Invalidation

    var routes: [Route] { [get, replace] }

    private var get: Route {
        Route(
            method: .get, path: "/api/subscription", summary: "The plan and the limits that follow from it.",
            tag: "Subscription", access: .company(.subscriptionRead), answers: [.ok("Subscription").tagged]
        ) { call in
            let subscription = try await subscriptions.get(call.scope)
            return Answer.json(subscription).tagged(subscription.version)
        }
    }

    private var replace: Route {
        Route(
            method: .put, path: "/api/subscription", summary: "Change the plan or its status; owners only.",
            tag: "Subscription", access: .company(.subscriptionWrite),
            body: .object([
                .required("plan", .words(SubscriptionPlan.allCases.map(\.rawValue))),
                .optional("status", .words(SubscriptionStatus.allCases.map(\.rawValue))),
            ]), answers: [.ok("Subscription").tagged]
        ) { call in
            guard let plan = call.input.word("plan", as: SubscriptionPlan.self) else { throw Problem.internalError }
            let subscription = try await subscriptions.put(
                call.scope, plan: plan, status: call.input.word("status") ?? .active, ifVersion: try call.ifMatch())
            await invalidation.authentication(of: try call.scope.companyId)
            return Answer.json(subscription).tagged(subscription.version)
        }
    }
}
