import Foundation
import Postgres
import Testing

@testable import Tenancy

@Suite struct UsageTests {
    private func log(_ agent: String, _ state: AgentLog.State = .replied, mode: AgentLog.Detail.Mode = .llm) -> AgentLog
    {
        var log = AgentLog(
            agentName: agent, triggerMessageId: .v7(), state: state, promptTokens: 100, completionTokens: 10,
            costMicros: 7)
        log.detail.mode = mode
        log.detail.channel = "web"
        return log
    }

    @Test func everyTurnCountsOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let first = log("sales")
            let handed = log("sales", .handedOff)
            _ = await concurrently(20) { number in
                try await world.logs.insert(ana.worker, number.isMultiple(of: 2) ? first : handed)
            }
            try await world.logs.insert(ana.worker, log("mem", mode: .deterministic))
            let today = UsageDay(Date())
            let total = try await world.usage.total(ana.scope, from: today.advanced(by: -1), to: today)
            #expect(total.turns == 3 && total.modelTurns == 1 && total.handoffs == 1)
            #expect(total.tokensIn == 300 && total.tokensOut == 30 && total.costMicros == 21)
            let parts = try await world.usage.parts(ana.scope, from: today.advanced(by: -1), to: today, by: .agent)
            #expect(parts.map(\.key) == ["mem", "sales"] && parts.map(\.usage.turns) == [1, 2])
            let older = today.advanced(by: -10)
            #expect(try await world.usage.total(ana.scope, from: older, to: older) == Usage())
        }
    }

    @Test func aBudgetWarnsAndIsUsedUp() {
        var usage = Usage()
        let budget = Budget(monthlyCostMicros: 1000, monthlyTurns: 10)
        #expect(budget.state(after: usage) == .open && budget.isLimited)
        usage.modelTurns = 8
        #expect(budget.state(after: usage) == .warning)
        usage.costMicros = 1000
        #expect(budget.state(after: usage) == .exhausted && budget.share(of: usage) == 1)
        usage.costMicros = 5000
        #expect(Budget().state(after: usage) == .open, "no budget, no limit")
        #expect(Budget(monthlyTurns: 0).state(after: Usage()) == .exhausted)
    }

    @Test func daysAreReadStrictly() {
        #expect(UsageDay("2024-02-29")?.firstOfMonth == UsageDay("2024-02-01"))
        #expect(UsageDay("2023-02-29") == nil && UsageDay("2023-2-9") == nil && UsageDay("2023-02-01T") == nil)
        #expect(UsageDay("2023-12-31")?.advanced(by: 1) == UsageDay("2024-01-01"))
    }
}
