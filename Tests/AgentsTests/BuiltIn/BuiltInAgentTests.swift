import Foundation
import JSON
import TestSupport
import Testing

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// The agents that every company has, on real stores.
@Suite(.timeLimit(.minutes(3))) struct BuiltInAgentTests {
    private static func mem(_ bench: TurnBench) -> MemAgent {
        let store = MemoryStore(bench.postgres)
        return MemAgent(tools: [
            MemSaveTool(store), MemSearchTool(store), MemListTool(store), MemForgetTool(store),
        ])
    }

    private static func sales(_ bench: TurnBench) -> SalesAgent {
        let store = ProductStore(bench.postgres)
        return SalesAgent(tools: [
            CatalogSearchTool(store), CatalogListTool(store), CatalogGetTool(store), HandoffTool(),
        ])
    }

    private struct Talk {
        let bench: TurnBench
        let runner: TurnRunner
        let conversation: UUID
        let agent: String
        var role = MessageRole.user
        var scope: TenantScope

        func say(_ text: String) async throws -> String {
            let message = try await bench.write(text, in: conversation, to: [agent], as: role, by: scope)
            let outcome = await runner.start(message).outcome(within: .seconds(20))
            return outcome.replies.first?.content ?? ""
        }
    }

    @Test func memRemembersFindsReplacesAndForgets() async throws {
        try await TurnBench.with { bench in
            try await bench.workers(1, [Self.mem(bench)]) { runners in
                let talk = Talk(
                    bench: bench, runner: runners[0], conversation: try await bench.conversation(), agent: "mem",
                    scope: bench.member)
                #expect(!(try await talk.say("my gate code is 4411")).isEmpty)
                #expect(try await talk.say("recall gate code").contains("4411"))
                _ = try await talk.say("my gate code is 5522")
                let found = try await talk.say("recall gate code")
                #expect(found.contains("5522") && !found.contains("4411"), "a fact replaces the old one")
                #expect(try await talk.say("list").contains("5522"))
                _ = try await talk.say("forget gate code")
                #expect(!(try await talk.say("recall gate code")).contains("5522"))
            }
        }
    }

    @Test func memTellsNobodyElse() async throws {
        try await TurnBench.with { bench in
            try await bench.workers(1, [Self.mem(bench)]) { runners in
                let conversation = try await bench.conversation()
                let ana = Talk(
                    bench: bench, runner: runners[0], conversation: conversation, agent: "mem", scope: bench.member)
                _ = try await ana.say("my gate code is 4411")
                let joe = TenantScope(
                    companyId: bench.company, caller: .member(userId: UUID(), role: .member, sessionId: UUID()))
                let other = Talk(
                    bench: bench, runner: runners[0], conversation: conversation, agent: "mem", scope: joe)
                #expect(!(try await other.say("recall gate code")).contains("4411"))
                // Where a customer reads along private things are not shown, whoever asks.
                let withCustomer = Talk(
                    bench: bench, runner: runners[0], conversation: try await bench.conversation(customer: UUID()),
                    agent: "mem", scope: bench.member)
                #expect(!(try await withCustomer.say("recall gate code")).contains("4411"))
            }
        }
    }

    @Test func salesStatesOnlyPricesThatAreInTheCatalogue() async throws {
        try await TurnBench.with { bench in
            let products = ProductStore(bench.postgres)
            _ = try await products.create(
                bench.member, ProductDraft(name: "12 week plan", priceCents: 8900, currency: "EUR"))
            _ = try await products.create(
                bench.member, ProductDraft(name: "Kayak Rio", priceCents: 45000, currency: "EUR"))
            try await bench.workers(1, [Self.sales(bench)]) { runners in
                let customer = UUID()
                let talk = Talk(
                    bench: bench, runner: runners[0], conversation: try await bench.conversation(customer: customer),
                    agent: "sales", role: .customer,
                    scope: TenantScope(companyId: bench.company, caller: .visitor(customerId: customer)))
                #expect(try await talk.say("how much is the 12 week plan?").contains("89"))
                #expect(try await talk.say("¿cuánto cuesta el kayak?").contains("450"))
                // It may offer what there is, at its own price, and nothing else.
                let unknown = try await talk.say("how much is the helicopter?")
                let numbers = Set(unknown.split { !$0.isNumber }.map(String.init))
                #expect(!unknown.isEmpty && numbers.isSubset(of: ["12", "89", "450", "00", "1", "2", "3"]))
            }
        }
    }
}
