import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// A worker that dies at any step of a turn: one reply, no effect twice, nothing lost.
@Suite(.timeLimit(.minutes(4))) struct TurnCrashTests {
    /// Dies once, at one step.
    private final class Death: Sendable {
        let step: TurnStep
        private let isDue = Mutex(true)
        init(_ step: TurnStep) { self.step = step }
        var happened: Bool { isDue.withLock { !$0 } }
        func meet(_ step: TurnStep) throws {
            guard step == self.step else { return }
            let dies = isDue.withLock { isDue in
                defer { isDue = false }
                return isDue
            }
            if dies { throw TurnCrash() }
        }
    }

    @Test(arguments: TurnStep.allCases) func anotherWorkerGoesOn(step: TurnStep) async throws {
        try await TurnBench.with { bench in
            let death = Death(step)
            let written = Counter()
            let sent = Counter()
            // One effect that is the same when repeated, one that must not be.
            let tools: [any Tool] = [
                CountingTool(name: "note", effect: .internalWrite, done: written),
                FreeSendTool(done: sent),
            ]
            let models = Counter()
            let agent = ScriptedAgent(audience: .internal, tools: tools) { turn in
                let note = try await turn.tools.call("note", ["what": "a"])
                if turn.journal.step("model") == nil {
                    models.add()
                    try await turn.journal.keep(step: "model", ["asked": true])
                }
                let send: String
                do { send = try await turn.tools.call("send", ["what": "b"]).encodedString } catch ToolError
                    .unknownOutcome
                {
                    send = "unknown"
                }
                var memory = turn.memory
                memory.misses += 1
                return AgentAnswer("\(note.encodedString) \(send) \(memory.misses)", memory: memory)
            }
            let conversation = try await bench.conversation()
            let message = try await bench.write("go", in: conversation, to: ["bot"])
            try await bench.workers(1, [agent], { $0.onStep = { step, _ in try death.meet(step) } }) { runners in
                _ = runners[0].start(message)
                try await bench.died(runners[0], at: "\(step)") { death.happened }
            }
            try await bench.expireLeases()
            try await bench.workers(2, [agent]) { runners in
                // A message after it is answered after it.
                let next = try await bench.write("next", in: conversation, to: ["bot"])
                _ = runners[0].start(next)
                try await eventually("both are answered") {
                    let isFirstOver = try await bench.isOver(message)
                    let isNextOver = try await bench.isOver(next)
                    return isFirstOver && isNextOver
                }
                try await eventually("both are on record") { try await bench.logs().count == 2 }
            }
            let replies = try await bench.replies(conversation)
            #expect(replies.map(\.inReplyTo).count == 2)
            #expect(Set(replies.map(\.inReplyTo)).count == 2, "one reply for each message")
            let first = replies.first { $0.inReplyTo == message.id }?.content.split(separator: " ").map(String.init)
            // The first message's effect happened once, or it is said that nobody knows.
            #expect(sent.value <= 2 && written.value <= 3)
            switch step {
            case .toolStarting,
                .toolDone where sent.value == 2:
                #expect(first?[1] == "unknown" || first?[1] == "1")
            default: #expect(first?[1] == "1")
            }
            #expect(first?[2] == "1", "the agent's memory is what it was when the turn began")
            #expect(models.value <= 2, "a model's answer that was kept is not asked for again")
            #expect(try await bench.turn(message)?.state == .succeeded)
        }
    }

    @Test func threeDeathsAreGivenUpVisibly() async throws {
        try await TurnBench.with { bench in
            let deaths = Counter()
            let conversation = try await bench.conversation()
            let message = try await bench.write("go", in: conversation, to: ["bot"])
            try await bench.workers(
                1, [ScriptedAgent.echo()],
                {
                    $0.onStep = { step, _ in
                        guard step == .answered, deaths.value < 3 else { return }
                        deaths.add()
                        throw TurnCrash()
                    }
                }
            ) { runners in
                _ = runners[0].start(message)
                for death in 1...3 {
                    try await eventually("death \(death)") { deaths.value == death }
                    try await bench.expireLeases()
                }
                try await eventually("it is given up") { try await bench.isOver(message) }
                let replies = try await bench.replies(conversation)
                #expect(replies.count == 1)
                #expect(replies.first?.metadata["skill"] == "error")
                #expect(try await bench.turn(message)?.state == .failed)
            }
        }
    }

    @Test func aWorkerThatStopsGivesItsTurnBackAtOnce() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let gate = Gate()
            let sent = Counter()
            let tools: [any Tool] = [FreeSendTool(done: sent)]
            let slow = ScriptedAgent(audience: .internal, tools: tools) { turn in
                _ = try await turn.tools.call("send", ["what": "b"])
                gate.arrivals.add()
                try await Task.sleep(for: .seconds(600))
                return AgentAnswer("", memory: turn.memory)
            }
            let quick = ScriptedAgent(audience: .internal, tools: tools) { turn in
                AgentAnswer(
                    "sent \(try await turn.tools.call("send", ["what": "b"]).encodedString)", memory: turn.memory)
            }
            let message = try await bench.write("go", in: conversation, to: ["bot"])
            try await bench.workers(1, [slow]) { runners in
                _ = runners[0].start(message)
                try await eventually("the agent answers") { gate.arrivals.value == 1 }
            }
            let left = try await bench.turn(message)
            #expect(left?.state == .queued && left?.attempt == 0, "a shutdown costs no attempt")
            try await bench.workers(1, [quick]) { _ in
                try await eventually("another one answers") { try await bench.isOver(message) }
                #expect(try await bench.replies(conversation).map(\.content) == ["sent 1"])
                #expect(sent.value == 1, "what was sent before the shutdown is not sent again")
            }
        }
    }

    /// A worker that was away for longer than its lease finds its turn taken and keeps quiet.
    @Test func whoLostTheLeaseSaysNothing() async throws {
        try await TurnBench.with { bench in
            let conversation = try await bench.conversation()
            let gate = Gate()
            let slow = ScriptedAgent { turn in
                await gate.pass()
                return AgentAnswer("from the one that was away", memory: turn.memory)
            }
            let message = try await bench.write("go", in: conversation, to: ["bot"])
            try await bench.workers(1, [slow], { $0.sweepInterval = .seconds(600) }) { away in
                _ = away[0].start(message)
                try await eventually("the agent answers") { gate.arrivals.value == 1 }
                try await bench.expireLeases()
                try await bench.workers(1, [ScriptedAgent.echo()]) { _ in
                    try await eventually("another one answers") { try await bench.isOver(message) }
                }
                gate.open()
                try await eventually("the late one has noticed") { away[0].freePlaces == 16 }
                #expect(try await bench.replies(conversation).map(\.content) == ["heard: go"])
            }
        }
    }
}

/// Sends something outside, without asking anybody.
struct FreeSendTool: Tool {
    let name = "send"
    let description = "Sends."
    let effect = ToolEffect.externalSend
    let schema = ToolSchema(.init("what", .text(maximum: 100), "What"))
    let done: Counter

    func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool { false }
    func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue { .integer(Int64(done.add())) }
}
