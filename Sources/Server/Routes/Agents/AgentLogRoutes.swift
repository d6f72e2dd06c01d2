import Agents
import Foundation
import JSON
import Tenancy

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
