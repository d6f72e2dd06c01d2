import Foundation
import JSON
import Tenancy

/// What agents used, and how much of the month's budget that is.
struct UsageRoutes: RouteGroup {
    let usage: UsageStore
    let companies: CompanyCache

    var routes: [Route] { [read] }

    private static let day = Schema.text(10...10).example("2026-01-31")

    private var read: Route {
        Route(
            method: .get, path: "/api/usage",
            summary: "What agents used from one day to another, and the present month's budget.", tag: "Agents",
            access: .company(.agentLogsRead),
            query: [
                QueryParameter("from", Self.day, "The first day (UTC); the first of this month without it."),
                QueryParameter("to", Self.day, "The last day (UTC); today without it."),
                QueryParameter(
                    "group", .words(UsageStore.Group.allCases.map(\.rawValue)), "By what it is taken apart; by day."),
            ], answers: [.ok("Usage").tagged]
        ) { call in
            let scope = try call.scope
            let today = UsageDay(Date())
            let to = try Self.day("to", call) ?? today
            let from = try Self.day("from", call) ?? min(to, today.firstOfMonth)
            if from > to { throw Problem.invalid("from", "out_of_range", "must not be after to") }
            if from.advanced(by: UsageStore.longest) < to {
                throw Problem.invalid("from", "out_of_range", "must be at most \(UsageStore.longest) days before to")
            }
            let group: UsageStore.Group = call.query.word("group") ?? .day
            let company = try await companies.company(scope, generations: call.caller.generations)
            return .cacheable(
                UsageReport(
                    from: from, to: to, group: group, total: try await usage.total(scope, from: from, to: to),
                    parts: try await usage.parts(scope, from: from, to: to, by: group),
                    budget: company.settings.budget,
                    month: try await usage.total(scope, from: today.firstOfMonth, to: today)))
        }
    }

    private static func day(_ name: String, _ call: Call) throws(Problem) -> UsageDay? {
        guard let text = call.query.string(name) else { return nil }
        guard let day = UsageDay(text) else { throw .invalid(name, "format", "must be a day such as 2026-01-31") }
        return day
    }
}

/// The answer of `GET /usage`.
private struct UsageReport: JSONEncodable {
    let from: UsageDay
    let to: UsageDay
    let group: UsageStore.Group
    let total: Usage
    let parts: [UsagePart]
    let budget: Budget
    let month: Usage

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("from", from.text)
            writer.field("to", to.text)
            writer.field("group", group.rawValue)
            writer.field("total", object: { total.encodeFields(into: &$0) })
            writer.field("data", parts)
            writer.field(
                "budget",
                object: {
                    $0.field("monthlyCostMicros", budget.monthlyCostMicros)
                    $0.field("monthlyTurns", budget.monthlyTurns)
                    $0.field("onBudget", budget.action.rawValue)
                    $0.field("usedCostMicros", month.costMicros)
                    $0.field("usedTurns", month.modelTurns)
                    $0.field("share", budget.share(of: month))
                    $0.field("state", budget.state(after: month).rawValue)
                })
        }
    }
}
