import Testing

@testable import Tenancy

@Suite struct PlanLimitsTests {
    @Test func everyPlanHasEveryFigureAndBiggerPlansAllowMore() {
        for figure in PlanFigure.allCases {
            let figures = SubscriptionPlan.allCases.map { PlanTable.standard.limits($0)[figure] }
            #expect(figures[0] > 0)
            #expect(figures == figures.sorted() && Set(figures).count == 3, "\(figure)")
        }
    }

    @Test func anyFigureCanBeSet() {
        let table = PlanTable { plan, figure in plan == .pro && figure == .members ? 7 : nil }
        #expect(table.limits(.pro)[.members] == 7)
        #expect(table.limits(.pro)[.products] == PlanTable.standard.limits(.pro)[.products])
        #expect(table.limits(.free) == PlanTable.standard.limits(.free))
        #expect(PlanTable { _, _ in -1 }.limits(.free)[.products] == 0)
    }

    @Test func whoCancelledIsBackOnTheFreePlan() {
        #expect(PlanTable.standard.limits(.business, .cancelled) == PlanTable.standard.limits(.free))
        #expect(PlanTable.standard.limits(.business, .pastDue) == PlanTable.standard.limits(.business))
    }

    @Test func oneMoreFitsUntilTheLimit() throws {
        var limits = PlanTable.standard.limits(.free)
        limits[.products] = 2
        try limits.allowOneMore(.products, having: 1)
        #expect(throws: QuotaExceeded(figure: "products", limit: 2)) { try limits.allowOneMore(.products, having: 2) }
    }
}
