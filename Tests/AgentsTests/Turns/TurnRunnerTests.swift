import Foundation
import JSON
import Mongo
import TestSupport
import Testing

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// Turns on real stores: once, in order, by any number of workers.
@Suite(.timeLimit(.minutes(3))) struct TurnRunnerTests {
    @Test func manyWorkersAnswerEachMessageOnceAndInOrder() async throws {
        try await TurnBench.with { bench in
            let runs = Counter()
            let agent = ScriptedAgent { turn in
                runs.add()
                return AgentAnswer("heard: \(turn.instruction)", memory: turn.memory)
            }
            var conversations: [UUID] = []
            for _ in 0..<4 { conversations.append(try await bench.conversation()) }
            try await bench.workers(3, [agent]) { runners in
                var sent: [Message] = []
                for number in 0..<10 {
                    for conversation in conversations {
                        let message = try await bench.write("\(number)", in: conversation, to: ["bot"])
                        // Every process hears of it, as a sweep after a crash would make it.
                        for runner in runners { _ = runner.start(message) }
                        sent.append(message)
                    }
                }
                try await eventually("all are answered", within: 60) {
                    try await sent.allAsync { try await bench.isOver($0) }
                }
                for conversation in conversations {
                    let replies = try await bench.replies(conversation)
                    #expect(replies.map(\.content) == (0..<10).map { "heard: \($0)" })
                    let all = try await bench.messages(conversation)
                    #expect(all.map(\.seq) == Array(1...20))
                }
                #expect(runs.value == 40)
                try await eventually("all are on record") { try await bench.logs().count == 40 }
                for message in sent {
                    let pending = try await bench.store.messagesWithPendingRouting(before: .distantFuture)
                    #expect(!pending.contains { $0.id == message.id })
                }
            }
        }
    }

    @Test func aWaiterLearnsOfTheReplyOfAnotherProcess() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            try await bench.workers(1, [ScriptedAgent.echo()]) { _ in
                try await bench.workers(1, [ScriptedAgent.echo()], { $0.works = false }) { serving in
                    let message = try await bench.write("hello", in: conversation, to: ["bot"])
                    let outcome = await serving[0].start(message).outcome(within: .seconds(20))
                    #expect(outcome.isComplete)
                    #expect(outcome.replies.map(\.content) == ["heard: hello"])
                    #expect(outcome.turns.map(\.state) == ["replied"])
                    // Asked again, as a repeated send is.
                    let again = await serving[0].start(message).outcome(within: .seconds(20))
                    #expect(again.replies == outcome.replies)
                }
            }
        }
    }

    @Test func severalAgentsAnswerInTheOrderOfTheirMention() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let slow = ScriptedAgent("slow") { turn in
                try await Task.sleep(for: .milliseconds(80))
                return AgentAnswer("first", memory: turn.memory)
            }
            let quick = ScriptedAgent("quick") { AgentAnswer("second", memory: $0.memory) }
            try await bench.workers(2, [slow, quick]) { runners in
                let message = try await bench.write("@slow @quick go", in: conversation, to: ["slow", "quick"])
                let outcome = await runners[0].start(message).outcome(within: .seconds(20))
                #expect(outcome.replies.map(\.content) == ["first", "second"])
                #expect(try await bench.replies(conversation).map(\.agentName) == ["slow", "quick"])
            }
        }
    }

    @Test func repliesJoinTheOrderOfAnyNumberOfWriters() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            try await bench.workers(2, [ScriptedAgent.echo()]) { runners in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<4 {
                        group.addTask {
                            for number in 0..<30 {
                                let draft = MessageDraft(role: .user, content: "\(writer)-\(number)")
                                _ = try await bench.store.append(draft, to: conversation, in: bench.member)
                            }
                        }
                    }
                    group.addTask {
                        for number in 0..<15 {
                            let message = try await bench.write("call \(number)", in: conversation, to: ["bot"])
                            _ = runners[number % 2].start(message)
                        }
                    }
                    try await group.waitForAll()
                }
                try await eventually("all are answered", within: 60) {
                    try await bench.replies(conversation).count == 15
                }
                let all = try await bench.messages(conversation)
                #expect(all.map(\.seq) == Array(1...(120 + 15 + 15)))
                #expect(Set(all.map(\.id)).count == all.count)
                #expect(
                    try await bench.replies(conversation).map(\.content) == (0..<15).map { "heard: call \($0)" })
                let details = try await bench.store.get(conversation, in: bench.member)
                #expect(details.conversation.messageCount == all.count)
            }
        }
    }

    @Test func oneCompanysBacklogDoesNotDelayAnother() async throws {
        try await TurnBench.with { bench in
            let other = try await TurnBench.owner(bench.postgres)
            let finished = Journal<UUID>()
            let most = Counter()
            let now = Counter()
            let agent = ScriptedAgent { turn in
                if turn.trigger.companyId == bench.company {
                    now.add()
                    while most.value < now.value { most.add() }
                    try await Task.sleep(for: .milliseconds(400))
                    now.subtract()
                }
                finished.add(turn.trigger.companyId)
                return AgentAnswer("done", memory: turn.memory)
            }
            let theirs = try await bench.store.create(
                ConversationDraft(platform: .web), in: .forJob(companyId: other.companyId)
            ).conversation.id
            var backlog: [Message] = []
            for number in 0..<50 {
                backlog.append(try await bench.write("\(number)", in: try await bench.conversation(), to: ["bot"]))
            }
            try await bench.workers(2, [agent]) { runners in
                for (number, message) in backlog.enumerated() { _ = runners[number % 2].start(message) }
                try await eventually("the backlog is being worked off") { finished.all.count >= 2 }
                let begun = finished.all.count
                #expect(begun < 45, "the backlog is gone before the test begins")
                let message = try await bench.write("me too", in: theirs, to: ["bot"], by: other)
                let outcome = await runners[0].start(message).outcome(within: .seconds(30))
                #expect(outcome.replies.count == 1)
                let before = (finished.all.firstIndex(of: other.companyId) ?? 1_000) - begun
                #expect(before <= 8, "\(before) turns of another company came first")
                try await eventually("all are done", within: 60) { finished.all.count == 51 }
                #expect(most.value <= 4, "\(most.value) turns of one company at once")
            }
        }
    }

    /// Looking for work once a minute: only the call brings the answer.
    @Test func aProcessThatOnlyAcceptsCallsTheOthers() async throws {
        try await TurnBench.with { bench in
            let calls = Counter()
            let conversation = try await bench.conversation()
            try await bench.workers(
                2, [ScriptedAgent.echo()],
                {
                    $0.pollInterval = .seconds(60); $0.sweepInterval = .seconds(60)
                }, onWaiting: { calls.add() }
            ) { runners in
                let message = try await bench.write("hello", in: conversation, to: ["bot"])
                let ticket = runners[0].start(message)
                try await eventually("it calls") { calls.value == 1 }
                runners[1].wake()
                #expect(await ticket.outcome(within: .seconds(30)).replies.map(\.content) == ["heard: hello"])
            }
        }
    }

    @Test func deletingTheMessageCallsTheTurnOff() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let message = try await bench.write("hello", in: conversation, to: ["bot"])
            try await bench.store.delete(message: message.id, of: conversation, in: bench.member)
            try await bench.workers(1, [ScriptedAgent.echo()]) { runners in
                let outcome = await runners[0].start(message).outcome(within: .seconds(20))
                #expect(outcome.isComplete && outcome.replies.isEmpty)
                #expect(outcome.turns.map(\.state) == ["cancelled"])
                #expect(try await bench.replies(conversation).isEmpty)
                try await eventually("it is on record") { try await bench.logs().map(\.state) == [.cancelled] }
            }
        }
    }

    @Test func aConversationThatGoesTakesItsTurnsAlong() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let gate = Gate()
            let agent = ScriptedAgent { turn in
                await gate.pass()
                return AgentAnswer("late", memory: turn.memory)
            }
            try await bench.workers(1, [agent]) { runners in
                let message = try await bench.write("hello", in: conversation, to: ["bot"])
                _ = runners[0].start(message)
                try await eventually("the agent answers") { gate.arrivals.value == 1 }
                try await bench.store.delete(conversation, in: bench.member)
                gate.open()
                try await eventually("the turn is gone") { try await bench.turn(message) == nil }
            }
        }
    }

    @Test func piecesOfOneThoughtGetOneAnswer() async throws {
        try await TurnBench.with { bench in
            let customer = UUID()
            let conversation = try await bench.conversation(.whatsapp, customer: customer)
            let visitor = TenantScope(companyId: bench.company, caller: .visitor(customerId: customer))
            var sent: [Message] = []
            for piece in ["hi", "the kayak", "the red one", "how much?"] {
                sent.append(
                    try await bench.write(
                        piece, in: conversation, to: ["bot"], as: .customer, .conversationDefault, by: visitor,
                        on: .whatsapp))
            }
            try await bench.workers(2, [ScriptedAgent.echo()]) { runners in
                // Both processes hear of all of them; how fast they do does not matter within the burst.
                for (number, message) in sent.enumerated() { _ = runners[number % 2].start(message) }
                let first = await runners[0].start(sent[0]).outcome(within: .seconds(20))
                try await eventually("all are over") { try await sent.allAsync { try await bench.isOver($0) } }
                let replies = try await bench.replies(conversation)
                #expect(replies.map(\.content) == ["heard: hi\nthe kayak\nthe red one\nhow much?"])
                #expect(replies.first?.inReplyTo == sent[3].id)
                #expect(first.replies == replies, "who waits for a piece gets the answer to all")
                let states = try await sent.mapAsync { try await bench.turn($0)?.state }
                #expect(states == [.superseded, .superseded, .superseded, .succeeded])
                try await eventually("all are on record") { try await bench.logs().count == 4 }
            }
        }
    }

    @Test func anAgentThatNeverEndsIsGivenUp() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let agent = ScriptedAgent { turn in
                try await Task.sleep(for: .seconds(600))
                return AgentAnswer("", memory: turn.memory)
            }
            try await bench.workers(1, [agent], { $0.turnTime = .milliseconds(200) }) { runners in
                let message = try await bench.write("hello", in: conversation, to: ["bot"])
                let outcome = await runners[0].start(message).outcome(within: .seconds(20))
                #expect(outcome.turns.map(\.state) == ["failed"])
                #expect(outcome.replies.count == 1, "a failure says so")
                #expect(try await bench.logs().first?.error?.contains("no answer within") == true)
            }
        }
    }

    /// The process that took the first message in is late, or dead: the second one's turn waits for the first one's.
    @Test func aTurnDoesNotOvertakeThatOfAnEarlierMessage() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            try await bench.workers(2, [ScriptedAgent.echo()], { $0.sweepInterval = .milliseconds(500) }) { runners in
                let first = try await bench.write("one", in: conversation, to: ["bot"])
                let second = try await bench.write("two", in: conversation, to: ["bot"])
                _ = runners[0].start(second)
                try await eventually("both are answered") {
                    let isFirstOver = try await bench.isOver(first)
                    let isSecondOver = try await bench.isOver(second)
                    return isFirstOver && isSecondOver
                }
                let answered = try await bench.replies(conversation).map(\.inReplyTo)
                // One reply may cover both.
                #expect(answered == [first.id, second.id] || answered == [second.id])
                if answered == [second.id] {
                    #expect(try await bench.replies(conversation).first?.content == "heard: one\ntwo")
                }
            }
        }
    }

    @Test func anAnswerIsToldWhileItIsWritten() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let deltas = Journal<TurnDelta>()
            let events = Journal<String>()
            let gate = Gate()
            let agent = ScriptedAgent { turn in
                turn.onDraft(.text("Hel"))
                turn.onDraft(.text("lo"))
                await gate.pass()
                return AgentAnswer("Hello", memory: turn.memory)
            }
            try await bench.workers(
                1, [agent], onEvent: { events.add($0.kind.rawValue) }, onDelta: { deltas.add($0) }
            ) { runners in
                let message = try await bench.write("hello", in: conversation, to: ["bot"])
                let ticket = runners[0].start(message)
                try await eventually("it is told") { deltas.all.map(\.text).joined() == "Hello" }
                let running = try await bench.store.turns.running(in: conversation, bench.worker)
                #expect(running?.draft == "Hello", "who connects now reads what was told")
                gate.open()
                #expect(await ticket.outcome(within: .seconds(20)).replies.map(\.content) == ["Hello"])
                // Told after the reply is stored, which is what the ticket waits for.
                try await eventually("the end is told") { events.all == ["turn.started", "turn.finished"] }
                #expect(try await bench.turn(message)?.draft == nil)
            }
        }
    }
}

extension Counter {
    func subtract() { withLock { $0 -= 1 } }
}

extension Array {
    func allAsync(_ condition: (Element) async throws -> Bool) async rethrows -> Bool {
        for element in self where try await !condition(element) { return false }
        return true
    }

    func mapAsync<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
