import Foundation
import JSON
import TestSupport
import Testing

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// What those who watch are told of the tools of a running turn.
@Suite(.timeLimit(.minutes(2))) struct ToolWatchTests {
    /// All that is told, in its order.
    private static func workers(
        _ bench: TurnBench, _ agent: some Agent, told: Journal<String>,
        _ configure: (inout TurnConfiguration) -> Void = { _ in }, _ body: (TurnRunner) async throws -> Void
    ) async throws {
        try await bench.workers(
            1, [agent], configure, onEvent: { told.add($0.kind.rawValue) },
            onTool: { event in
                let end = event.isOK.map { $0 ? " ok" : " not ok" } ?? ""
                told.add("\(event.kind.rawValue) \(event.tool.agent) \(event.tool.tool) \(event.tool.call)\(end)")
            }
        ) { try await body($0[0]) }
    }

    @Test("Tools are told between the turn's beginning and its end, however quick they are")
    func order() async throws {
        try await TurnBench.with { bench in
            let told = Journal<String>()
            let tools: [any Tool] = [
                TestTool("look", .catalogRead),
                TestTool("break", .catalogRead) { _ in throw ToolError.failed("no") },
            ]
            let agent = ScriptedAgent(tools: tools) { turn in
                _ = try await turn.tools.call("look", ["text": "secret words"])
                _ = try? await turn.tools.call("break")
                // What is refused before it begins is no call.
                _ = try? await turn.tools.call("absent")
                return AgentAnswer("done", memory: turn.memory)
            }
            try await Self.workers(bench, agent, told: told) { runner in
                let message = try await bench.write("go", in: try await bench.conversation(), to: ["bot"])
                _ = await runner.start(message).outcome(within: .seconds(20))
                try await eventually("the end is told") { told.all.last == "turn.finished" }
            }
            #expect(
                told.all == [
                    "turn.started", "tool.started bot look 1", "tool.finished bot look 1 ok",
                    "tool.started bot break 2",
                    "tool.finished bot break 2 not ok", "turn.finished",
                ])
        }
    }

    @Test("In the second try of a turn tools are told while they run, too")
    func secondTry() async throws {
        let told = Journal<String>()
        let watch = ToolWatch(keep: { _ in }, tell: { told.add($0.tool.tool) })
        for name in ["first", "second"] {
            let telling = Task { await watch.run() }
            _ = watch.began(TestTool(name, .catalogRead), by: "bot")
            try await eventually("\(name) is told") { told.all.last == name }
            telling.cancel()
            await telling.value
        }
    }

    @Test("In the second try of a turn the text is told while it is written, too")
    func secondDraft() async throws {
        let told = Journal<String>()
        let drafts = DraftStream(hasEarlier: false, keep: { _ in }, tell: { _, text, _ in told.add(text) })
        for text in ["first", "second"] {
            let telling = Task { await drafts.run() }
            drafts.change(.text(text))
            try await eventually("\(text) is told") { told.all.last == text }
            // Where it waits for what comes.
            try await Task.sleep(for: DraftStream.interval * 2)
            telling.cancel()
            await telling.value
            drafts.change(.reset)
        }
    }

    @Test("What runs is kept with the turn, and what a dead worker left there is gone")
    func crash() async throws {
        try await TurnBench.with { bench in
            let told = Journal<String>()
            let gate = Gate()
            let slow = TestTool("slow", .internalWrite) { _ in
                await gate.pass()
                return ["done": true]
            }
            let agent = ScriptedAgent(tools: [slow]) { turn in
                _ = try await turn.tools.call("slow")
                return AgentAnswer("done", memory: turn.memory)
            }
            let conversation = try await bench.conversation()
            let message = try await bench.write("go", in: conversation, to: ["bot"])
            let deaths = Counter()
            try await Self.workers(
                bench, agent, told: told,
                {
                    $0.onStep = { step, _ in
                        guard step == .toolDone else { return }
                        deaths.add()
                        throw TurnCrash()
                    }
                }
            ) { runner in
                _ = runner.start(message)
                try await eventually("the tool is told") { told.all.contains("tool.started bot slow 1") }
                let running = try await bench.store.turns.running(in: conversation, bench.worker)
                #expect(running?.tools == [RunningTool(call: 1, agent: "bot", tool: "slow", label: "A tool of a test")])
                gate.open()
                try await bench.died(runner) { deaths.value == 1 }
            }
            #expect(try await bench.turn(message)?.tools.count == 1, "a dead worker cleans nothing up")
            try await bench.expireLeases()
            #expect(try await bench.store.turns.releaseExpired() == 1)
            #expect(try await bench.turn(message)?.tools == [])
            try await Self.workers(bench, agent, told: told) { _ in
                try await eventually("another one answers") { told.all.last == "turn.finished" }
            }
            #expect(
                told.all == [
                    "turn.started", "tool.started bot slow 1", "turn.started", "tool.started bot slow 1",
                    "tool.finished bot slow 1 ok", "turn.finished",
                ])
            #expect(try await bench.turn(message)?.tools == [])
        }
    }

    @Test("A call that goes over its time is told as over before the turn's end")
    func timeout() async throws {
        try await TurnBench.with { bench in
            let told = Journal<String>()
            let endless = TestTool("endless", .catalogRead) { _ in
                try await Task.sleep(for: .seconds(600))
                return .null
            }
            let agent = ScriptedAgent(tools: [endless]) { turn in
                _ = try await turn.tools.call("endless")
                return AgentAnswer("never", memory: turn.memory)
            }
            try await Self.workers(bench, agent, told: told, { $0.turnTime = .milliseconds(300) }) { runner in
                let message = try await bench.write("go", in: try await bench.conversation(), to: ["bot"])
                _ = await runner.start(message).outcome(within: .seconds(20))
                try await eventually("the end is told") { told.all.last == "turn.failed" }
            }
            #expect(
                told.all == [
                    "turn.started", "tool.started bot endless 1", "tool.finished bot endless 1 not ok", "turn.failed",
                ])
        }
    }

    @Test("A label is the beginning of the description, within bounds")
    func labels() {
        struct Described: Tool {
            let name = "some_tool"
            let description: String
            let effect = ToolEffect.catalogRead
            let schema = ToolSchema()
            func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue { .null }
        }
        let cases = [
            "Finds things.": "Finds things", "Finds things. And more.": "Finds things",
            "Searches; takes from:": "Searches", "": "some_tool", " \n ": "some_tool",
            "Version 1.2 of it": "Version 1.2 of it",
            String(repeating: "a", count: 200): String(repeating: "a", count: 79) + "…",
        ]
        for (description, title) in cases { #expect(Described(description: description).title == title) }
    }
}
