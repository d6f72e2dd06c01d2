import Foundation
import JSON
import TestSupport
import Testing

@testable import Agents
@testable import Cache
@testable import Conversations
@testable import Tenancy

/// Who may answer: an agent never talks over a person.
@Suite(.timeLimit(.minutes(3))) struct TurnControlTests {
    @Test func aReplyOnItsWayIsDiscardedWhenAPersonTakesOver() async throws {
        try await TurnBench.with { bench in
            let customer = UUID()
            let conversation = try await bench.conversation(customer: customer)
            let visitor = TenantScope(companyId: bench.company, caller: .visitor(customerId: customer))
            let gate = Gate()
            let agent = ScriptedAgent { turn in
                turn.onDraft(.text("I would say"))
                await gate.pass()
                return AgentAnswer("I would say", memory: turn.memory)
            }
            try await bench.workers(2, [agent]) { runners in
                let message = try await bench.write(
                    "help", in: conversation, to: ["bot"], as: .customer, .conversationDefault, by: visitor)
                let ticket = runners[0].start(message)
                try await eventually("the agent answers") { gate.arrivals.value == 1 }
                let before = try await bench.store.conversation(conversation, in: bench.worker).control.version
                let taken = try await bench.store.giveControl(
                    of: conversation, to: bench.member.userId?.lowercased, in: bench.member)
                _ = try await bench.store.append(
                    MessageDraft(role: .user, content: "I am here"), to: conversation, in: bench.member)
                gate.open()
                let outcome = await ticket.outcome(within: .seconds(20))
                #expect(outcome.turns.map(\.state) == ["cancelled"])
                #expect(try await bench.messages(conversation).map(\.role) == [.customer, .user])
                #expect(taken.conversation.control.version == before + 1)
                try await eventually("it is on record") { try await bench.logs().map(\.state) == [.cancelled] }
            }
        }
    }

    /// Control changes at a random moment of each of many turns: a reply that is stored came before, always.
    @Test func noReplyIsEverStoredAfterControlChanged() async throws {
        try await TurnBench.with { bench in
            let agent = ScriptedAgent { turn in
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
                return AgentAnswer("agent", memory: turn.memory)
            }
            try await bench.workers(2, [agent]) { runners in
                let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let customer = UUID()
                            let conversation = try await bench.conversation(customer: customer)
                            let message = try await bench.write(
                                "help", in: conversation, to: ["bot"], as: .customer, .conversationDefault,
                                by: TenantScope(companyId: bench.company, caller: .visitor(customerId: customer)))
                            let ticket = runners[number % 2].start(message)
                            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60)))
                            _ = try await bench.store.giveControl(
                                of: conversation, to: bench.member.userId?.lowercased, in: bench.member)
                            let seen = try await bench.messages(conversation).count
                            _ = await ticket.outcome(within: .seconds(30))
                            let replies = try await bench.replies(conversation)
                            let late = replies.filter { $0.seq > seen }
                            #expect(late.isEmpty, "a reply came after a person had control")
                            return replies.count
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(counts.allSatisfy { $0 <= 1 })
            }
        }
    }

    /// A member's wish reaches the process that runs the turn, whichever the member asked.
    @Test func aTurnIsCalledOffFromAnotherProcess() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let gate = Gate()
            let agent = ScriptedAgent { turn in
                if turn.instruction == "wait" { await gate.pass() }
                return AgentAnswer("said", memory: turn.memory)
            }
            try await bench.workers(2, [agent], { $0.heartbeat = .milliseconds(50) }) { runners in
                let message = try await bench.write("wait", in: conversation, to: ["bot"])
                let ticket = runners[0].start(message)
                try await eventually("it runs") { gate.arrivals.value == 1 }
                let id = try #require(try await bench.turn(message)?.id)
                // By both: the one that runs it, and the one that does not, which is asked first.
                let other = runners[1]
                #expect(try await other.cancel(id, by: bench.member).state == .cancelled)
                gate.open()
                #expect(await ticket.outcome(within: .seconds(20)).replies.isEmpty)
                #expect(try await bench.replies(conversation).isEmpty, "nothing is said after it was called off")
                // Its place is free again.
                let next = try await bench.write("go on", in: conversation, to: ["bot"])
                let outcome = await runners[1].start(next).outcome(within: .seconds(20))
                #expect(outcome.replies.map(\.content) == ["said"])
                #expect(try await bench.turn(message)?.state == .cancelled)
            }
        }
    }

    /// What the request already knows is not asked for again with every message.
    @Test func aPlanUsesTheGenerationsOfItsRequest() async throws {
        try await TurnBench.with { bench in
            let asked = Journal<CacheGenerations?>()
            let registry = AgentRegistry(
                [ScriptedAgent.echo("sales")],
                rows: { _, generations in
                    asked.add(generations)
                    return CompanyAgentRows()
                })
            let runner = TurnRunner(
                registry: registry, conversations: bench.store, states: AgentStateStore(bench.postgres),
                logs: AgentLogStore(bench.postgres), company: { _ in throw CancellationError() },
                logger: TurnBench.quiet)
            let generations = CacheGenerations(CacheKind.allCases.map { _ in "g" })
            let request = Router.Request(
                content: "@sales hello", role: .user, surface: .other, hasCustomer: false, platform: .web)
            let plan = try await runner.plan(request, in: bench.member, generations: generations)
            #expect(plan.agents == ["sales"] && generations != nil && asked.all == [generations])
        }
    }

    @Test func aCustomerWhoAsksForAPersonSilencesTheAgentsUntilHandedBack() async throws {
        try await TurnBench.with { bench in
            let customer = UUID()
            let conversation = try await bench.conversation(customer: customer)
            let visitor = TenantScope(companyId: bench.company, caller: .visitor(customerId: customer))
            try await bench.workers(1, [ScriptedAgent.echo("sales")]) { runners in
                func say(_ text: String) async throws -> TurnOutcome {
                    let now = try await bench.store.conversation(conversation, in: bench.worker)
                    let request = Router.Request(
                        content: text, role: .customer, in: now, surface: .widget(agent: "sales"))
                    let routing = try await runners[0].plan(request, in: bench.worker).json
                    let message = try await bench.store.append(
                        MessageDraft(role: .customer, content: text, routing: routing), to: conversation, in: visitor
                    ).message
                    return await runners[0].start(message).outcome(within: .seconds(20))
                }
                #expect(try await say("hello").replies.map(\.role) == [.agent])
                let called = try await say("I want to talk to a human")
                #expect(called.turns.map(\.state) == ["handed_off"])
                #expect(called.replies.map(\.role) == [.system])
                let control = try await bench.store.conversation(conversation, in: bench.worker).control
                #expect(control.requestedAt != nil && control.version == 1 && control.holder == nil)
                #expect(try await say("hello? a human please").replies.isEmpty, "the notice comes once")
                _ = try await bench.store.giveControl(
                    of: conversation, to: bench.member.userId?.lowercased, in: bench.member)
                #expect(try await say("are you there?").replies.isEmpty)
                let back = try await bench.store.giveControl(of: conversation, to: nil, in: bench.member)
                #expect(back.conversation.control.boundarySeq == 6)
                #expect(back.conversation.control.requestedAt == nil)
                #expect(try await say("and the price?").replies.map(\.content) == ["heard: and the price?"])
            }
        }
    }

    @Test func theToolThatCallsAPersonDoesWhateverTheAgentSays() async throws {
        try await TurnBench.with { bench in
            let customer = UUID()
            let conversation = try await bench.conversation(customer: customer)
            let agent = ScriptedAgent(tools: [HandoffTool()]) { turn in
                _ = try await turn.tools.call("handoff_to_human", ["reason": "angry"])
                var answer = AgentAnswer("No need for anybody", memory: turn.memory)
                answer.mode = .llm
                return answer
            }
            try await bench.workers(1, [agent]) { runners in
                let message = try await bench.write(
                    "hello", in: conversation, to: ["bot"], as: .customer, .conversationDefault,
                    by: TenantScope(companyId: bench.company, caller: .visitor(customerId: customer)))
                let outcome = await runners[0].start(message).outcome(within: .seconds(20))
                #expect(outcome.turns.map(\.state) == ["handed_off"])
                #expect(outcome.replies.first?.content.contains("person") == true)
                #expect(outcome.replies.first?.metadata["handoff"] == true)
                let control = try await bench.store.conversation(conversation, in: bench.worker).control
                #expect(control.requestedAt != nil)
            }
        }
    }

    @Test func twoFailuresInARowCallAPerson() async throws {
        try await TurnBench.with { bench in
            let customer = UUID()
            let conversation = try await bench.conversation(customer: customer)
            let visitor = TenantScope(companyId: bench.company, caller: .visitor(customerId: customer))
            struct Broken: Error {}
            let agent = ScriptedAgent { _ in throw Broken() }
            try await bench.workers(1, [agent]) { runners in
                for failures in 1...2 {
                    let message = try await bench.write(
                        "help", in: conversation, to: ["bot"], as: .customer, .conversationDefault, by: visitor)
                    let outcome = await runners[0].start(message).outcome(within: .seconds(20))
                    #expect(outcome.turns.map(\.state) == ["failed"])
                    #expect(outcome.replies.count == 1)
                    let control = try await bench.store.conversation(conversation, in: bench.worker).control
                    #expect((control.requestedAt != nil) == (failures == 2))
                }
            }
        }
    }

    @Test func aCustomerWhoWaitsForLongIsToldSoOnce() async throws {
        try await TurnBench.with { bench in
            let customer = UUID()
            let conversation = try await bench.conversation(customer: customer)
            let visitor = TenantScope(companyId: bench.company, caller: .visitor(customerId: customer))
            try await bench.workers(2, [ScriptedAgent.echo()], { $0.pickupSeconds = 0.3 }) { runners in
                var plan = RoutingPlan()
                plan.human = true
                let message = try await bench.store.append(
                    MessageDraft(role: .customer, content: "una persona", routing: plan.json), to: conversation,
                    in: visitor
                ).message
                _ = await runners[0].start(message).outcome(within: .seconds(20))
                try await eventually("the reminder comes") {
                    try await bench.messages(conversation).contains { $0.metadata["reminder"] == true }
                }
                // Several sweeps later it is still the only one.
                for runner in runners { for _ in 0..<3 { await runner.sweep() } }
                let system = try await bench.messages(conversation).filter { $0.role == .system }
                #expect(system.count == 2)
            }
        }
    }
}
