import Agents
import Conversations
import JSON
import Tenancy

/// What agents may only do after a member agreed.
struct ApprovalRoutes: RouteGroup {
    let approvals: ApprovalStore
    let turns: TurnRunner

    var routes: [Route] {
        [
            list,
            decision(
                .approved, "approve", "Let an agent do what it asked for: exactly this, once. Its reply follows."),
            decision(.rejected, "reject", "Keep an agent from doing what it asked for. Its reply says so."),
        ]
    }

    private var list: Route {
        Route(
            method: .get, path: "/api/approvals", summary: "What agents ask leave for, newest first.", tag: "Agents",
            access: .company(.conversationsRead),
            query: QueryParameter.page + [
                QueryParameter("status", .words(Approval.State.allCases.map(\.rawValue)), "In this state only.")
            ], answers: [.page(of: "Approval")]
        ) { call in
            .cacheable(
                try await approvals.list(call.scope, state: call.query.word("status"), page: call.page()))
        }
    }

    private func decision(_ state: Approval.State, _ word: String, _ summary: String) -> Route {
        Route(
            method: .post, path: "/api/approvals/{id}/\(word)", summary: summary, tag: "Agents",
            access: .company(.conversationsWrite), body: .object([]), bodyIsOptional: true,
            answers: [.ok("Approval")]
        ) { call in
            let decided = try await approvals.decide(call.id(), state, by: call.scope)
            do {
                try await turns.resume(decided.approval)
            } catch {
                // The decision stands; the sweep of any process delivers it.
                call.logger.warning("a decision is delivered later", metadata: ["error": "\(error)"])
            }
            return .json(decided.approval)
        }
    }
}
