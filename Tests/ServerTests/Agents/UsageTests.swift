import Foundation
import JSON
import TestSupport
import Testing

/// What agents used, and budgets.
@Suite struct UsageTests {
    @Test func turnsAreCountedAndLogged() async throws {
        let ana = try await TestServer.shared.api.register()
        _ = try await ana.api.talk(to: "mem", "remember the sky is blue", "list")
        _ = try await ana.api.talk(to: "sales", "I want a human")
        let usage = try await eventually(3, ana)
        #expect(usage["total"]?["handoffs"] == 1 && usage["total"]?["modelTurns"] == 0)
        #expect(usage["data"]?.arrayValue?.count == 1 && usage["budget"]?["state"] == "open")
        let agents = try await ana.api.get("/api/usage?group=agent").expect(200)
        let parts = agents["data"].arrayValue ?? []
        #expect(parts.map { $0["key"] } == ["mem", "sales"] && parts.map { $0["turns"] } == [2, 1])
        let channels = try await ana.api.get("/api/usage?group=channel").expect(200)
        #expect(channels["data"].arrayValue?.first?["key"] == "internal")
        let logs = try await ana.api.get("/api/agent-logs").expect(200).data
        #expect(logs.map { $0["outcome"] } == ["handed_off", "answered", "answered"])
        #expect(logs.map { $0["skill"] } == ["handoff", "list", "remember"])
        #expect(logs.allSatisfy { $0["mode"] == "deterministic" && $0["trigger"] == "explicit" })
        let eve = try await TestServer.shared.api.register("Eve")
        #expect(try await eve.api.get("/api/usage").expect(200)["total"]["turns"] == 0)
    }

    /// The record of a turn follows its reply.
    private func eventually(_ turns: Int64, _ tenant: Tenant) async throws -> JSONValue {
        for _ in 0..<100 {
            let usage = try await tenant.api.get("/api/usage").expect(200).json
            if usage["total"]?["turns"] == .integer(turns) { return usage }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw NeverHappened(description: "\(turns) turns in the usage")
    }

    @Test(arguments: [
        ("from=2026-02-30", "from"), ("from=yesterday..", "from"), ("to=2026-13-01", "to"), ("group=hour", "group"),
        ("from=2026-02-02&to=2026-02-01", "from"), ("from=2020-01-01&to=2026-02-01", "from"),
    ])
    func oddQuestionsAreRefused(_ query: String, _ field: String) async throws {
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.get("/api/usage?\(query)").expect(400)
        #expect(answer["errors"].arrayValue?.first?["field"] == .string(field))
    }

    @Test func aBudgetIsASetting() async throws {
        let ana = try await TestServer.shared.api.register()
        let company = "/api/companies/\(ana.companyId)"
        try await ana.api.patch(company, ["settings": ["budget": ["monthlyTurns": 0, "onBudget": "handoff"]]]).expect(
            200)
        let budget = try await ana.api.get("/api/usage").expect(200)["budget"]
        #expect(budget["state"] == "exhausted" && budget["onBudget"] == "handoff" && budget["share"]?.numberValue == 1)
        for wrong in [["monthlyTurns": -1], ["monthlyCostMicros": "x"], ["onBudget": "stop"]] as [JSONValue] {
            try await ana.api.patch(company, ["settings": ["budget": wrong]]).expect(400)
        }
        // Rules cost nothing: they answer with an empty budget too.
        #expect(try await ana.api.ask("sales", "hello").skill == "greeting")
    }
}
