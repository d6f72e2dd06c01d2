import JSON
import Synchronization
import Tenancy

/// Lets the agent of a turn ask other agents: within the same turn, company and conversation, for the same author, with
/// what has come into the turn so far, and under the same journal, so that a run after a crash or a decision does nothing
/// twice.
final class Delegation: Sendable {
    /// Times that one turn may ask.
    static let maximum = 3

    private struct State {
        var turn: AgentTurn?
        var asked = 0
    }

    private let agents: CompanyAgents
    private let caller: String
    private let company: Company
    private let state = Mutex(State())

    init(_ agents: CompanyAgents, caller: String, company: Company) {
        self.company = company
        self.agents = agents
        self.caller = caller
    }

    /// The agent's tools, with the one that works in the place of `delegate`.
    func tools(_ tools: [any Tool], audience: AgentAudience) -> [any Tool] {
        tools.compactMap { tool in
            guard tool.name == DelegateTool.toolName else { return tool.isAvailable(to: company) ? tool : nil }
            return audience == .internal ? DelegateTool(self) : nil
        }
    }

    /// Runs `body` while the turn may ask. The turn holds its tools and these hold the turn, so that it has to end.
    func during<Value>(_ turn: AgentTurn, _ body: () async throws -> Value) async throws -> Value {
        state.withLock { $0.turn = turn }
        defer { state.withLock { $0.turn = nil } }
        return try await body()
    }

    /// What another agent answers.
    func ask(_ name: String, _ instruction: String) async throws -> JSONValue {
        let bare = (name.hasPrefix("@") ? String(name.dropFirst()) : name).lowercased()
        let (asking, number) = state.withLock { state in
            state.asked += 1
            return (state.turn, state.asked)
        }
        guard let turn = asking else { throw ToolError.notAllowed("the turn is over") }
        guard number <= Self.maximum else {
            throw ToolError.limit("a turn asks other agents at most \(Self.maximum) times")
        }
        guard bare != caller, let agent = agents.agent(bare), agent.profile.audience.includes(turn.author.kind) else {
            let others = turn.visibleAgents.map(\.name).filter { $0 != caller }
            throw ToolError.notAllowed("there is no such agent; there are: \(others.joined(separator: ", "))")
        }
        // It keeps to its own audience's tools, and gets none to ask further.
        let box = ToolBox(
            agent.tools.filter { $0.name != DelegateTool.toolName && $0.isAvailable(to: company) },
            audience: agent.profile.audience, scope: turn.tools.scope, journal: turn.journal, taint: turn.tools.taint,
            isModelsWord: true, agent: bare, watch: turn.tools.watch)
        var asked = turn
        asked.tools = box
        asked.instruction = instruction
        asked.trigger.content = instruction
        asked.memory = SkillMemory()
        asked.onDraft = { _ in }
        // By what was asked and not by number: several may be asked at once.
        asked.trailPrefix = "delegate \(bare) \(instruction)\n"
        let answer = try await agent.answer(asked)
        if turn.journal.isWaiting { throw ToolError.needsApproval(DelegateTool.toolName) }
        turn.tools.note(box)
        var result: JSONObject = [
            "agent": .string(bare), "answer": .string(String(answer.text.prefix(DelegateTool.longestAnswer))),
        ]
        if box.taint.isExternal { result["trust"] = "external" }
        return .object(result)
    }
}
