import Conversations
import Foundation
public import JSON
import Synchronization

/// The tools of one agent during one turn: checks arguments and policy, bounds the number of calls, keeps the results.
///
/// When the turn is run again after a crash or a decision, a call that had its effect returns its stored result (see
/// ``TurnJournal``); reads are read again.
public final class ToolBox: Sendable {
    /// Who asks for a call. Each has its own measure, so that skills can still stand in for a model that used up its
    /// own.
    public enum Caller: Sendable, Hashable { case skill, model }

    /// Calls in one turn by one caller.
    static let maximumCalls = 12
    /// Calls with the same tool and arguments in one turn.
    static let maximumRepeats = 2

    /// One call as it went.
    struct Call: Sendable {
        var caller: Caller
        var name: String
        var arguments: JSONObject
        var result: JSONValue?
        var state: String
        var milliseconds: Int
    }

    /// For whom the tools work.
    public let scope: ToolScope
    private let tools: [String: any Tool]
    private let audience: AgentAudience
    private let journal: TurnJournal
    private let policies: [String: ToolPolicy]
    private let made = Mutex<[Call]>([])
    private let tainted: Mutex<Taint>
    /// What came in by this turn's own reading, and not by what it was shown of earlier turns.
    private let gathered = Mutex(Taint())
    private let isModelsWord: Bool
    private let agent: String
    /// Tells who watches of the calls.
    let watch: ToolWatch?

    /// The tools of an agent of this audience.
    /// - Parameters:
    ///   - journal: the turn's; one that forgets without it.
    ///   - taint: what has come into the turn before.
    ///   - isModelsWord: whether a model said what the agent is to do, and not a person: skills then act on words that a
    ///     model may have been talked into.
    ///   - agent: the name of the agent whose they are.
    ///   - watch: hears of the calls.
    ///   - policies: where the company is stricter than a tool itself, by the tools' names.
    public init(
        _ tools: [any Tool], audience: AgentAudience, scope: ToolScope, journal: TurnJournal = .forgetful,
        taint: Taint = Taint(), isModelsWord: Bool = false, policies: [String: ToolPolicy] = [:],
        agent: String = "", watch: ToolWatch? = nil
    ) {
        self.agent = agent
        self.watch = watch
        tainted = Mutex(taint)
        self.isModelsWord = isModelsWord
        self.journal = journal
        self.policies = policies
        self.tools = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.scope = scope
        self.audience = audience
    }

    /// Calls a tool.
    /// - Throws: ``ToolError``, or whatever the tool's store throws.
    public func call(
        _ name: String, _ arguments: JSONObject = [:], by caller: Caller = .skill
    ) async throws -> JSONValue {
        guard let tool = tools[name] else { throw ToolError.unknownTool(name) }
        try tool.schema.check(arguments)
        let policy = try await self.policy(of: tool, arguments, caller)
        let (place, occurrence) = try reserve(name, arguments, caller)
        let call = JournaledCall(tool: tool, arguments: arguments, occurrence: occurrence, policy: policy)
        let start = ContinuousClock.now
        var scope = scope
        scope.isModelsWord = caller == .model || isModelsWord
        scope.taint = taint
        let told = watch?.began(tool, by: agent)
        do {
            let result = try await journal.perform(call, scope)
            watch?.ended(told, isOK: true)
            finish(place, "succeeded", result, since: start)
            // Tools of foreign servers say so with their results.
            let isExternal = tool.bringsExternalContent || result["trust"]?.stringValue == "external"
            note(tool.effect, isExternal: isExternal)
            return result
        } catch {
            watch?.ended(told, isOK: false)
            finish(place, Self.state(after: error), nil, since: start)
            throw error
        }
    }

    private static func state(after error: any Error) -> String {
        switch error {
        case ToolError.needsApproval: "awaiting_approval"
        case ToolError.rejected: "rejected"
        case ToolError.unknownOutcome: "unknown"
        default: "failed"
        }
    }

    /// The calls so far.
    var calls: [Call] { made.withLock { $0 } }

    /// The results of the calls that succeeded, which is what an answer may state.
    public var results: [JSONValue] { calls.compactMap(\.result) }

    /// What has come into the turn so far.
    public var taint: Taint { tainted.withLock { $0 } }

    /// Notes what came into the turn by another way than a tool.
    func note(_ effect: ToolEffect, isExternal: Bool = false) {
        tainted.withLock { $0.note(effect, isExternal: isExternal) }
        gathered.withLock { $0.note(effect, isExternal: isExternal) }
    }

    /// Notes what came into the turn by an agent that was asked.
    func note(_ asked: ToolBox) {
        let (all, own) = (asked.taint, asked.gathered.withLock { $0 })
        tainted.withLock { $0.add(all) }
        gathered.withLock { $0.add(own) }
    }

    /// Notes what earlier turns had read, of which this one is shown something.
    func inherit(_ labels: ContentLabels) { tainted.withLock { $0.add(Taint(labels)) } }

    /// What went into a text that is written now.
    var labels: ContentLabels {
        let (all, own) = (taint, gathered.withLock { $0 })
        return ContentLabels(isExternal: own.isExternal, isPrivate: own.isPrivate, followsExternal: all.isExternal)
    }

    /// Whether there is a tool of this name, that may be used here.
    func holds(_ name: String) -> Bool { tools[name].map { refusal($0) == nil } ?? false }

    /// The tools that a model may be offered here.
    var offered: [any Tool] {
        tools.values.filter { $0.isForModels && refusal($0) == nil }.sorted { $0.name < $1.name }
    }

    /// The calls without arguments and results, for the agent log.
    public var log: [JSONValue] {
        calls.map {
            ["name": .string($0.name), "state": .string($0.state), "latencyMs": .integer(Int64($0.milliseconds))]
        }
    }

    /// What becomes of a call: the strictest of what the company, the tool and the turn's taint ask for.
    private func policy(
        of tool: any Tool, _ arguments: JSONObject, _ caller: Caller
    ) async throws -> ToolPolicy {
        if let refusal = refusal(tool) { throw refusal }
        let own: ToolPolicy = try await tool.needsApproval(scope, arguments) ? .approve : .auto
        let policy = max(policies[tool.name] ?? .auto, own, try taintPolicy(of: tool, caller))
        guard policy != .off else { throw ToolError.notAllowed("\(tool.name) is switched off") }
        return policy
    }

    /// Skills act on the person's own words, unless a model asked; a model may have been talked into it by what it read.
    private func taintPolicy(of tool: any Tool, _ caller: Caller) throws(ToolError) -> ToolPolicy {
        guard caller == .model || isModelsWord, !tool.reachesNobody else { return .auto }
        switch taint.permission(for: tool.effect) {
        case .byPolicy: return .auto
        case .approve: return .approve
        case .never: throw .notAllowed("not after what this turn has read")
        }
    }

    private func refusal(_ tool: any Tool) -> ToolError? {
        ToolPermission.refusal(
            tool.effect, audience: audience, author: scope.author.kind, isReadByCustomer: scope.isReadByCustomer)
    }

    /// Makes room for a call: its place among all, and among those that are the same, whoever made them.
    private func reserve(
        _ name: String, _ arguments: JSONObject, _ caller: Caller
    ) throws(ToolError) -> (place: Int, occurrence: Int) {
        let place: (Int, Int)? = made.withLock { calls in
            let same = calls.filter { $0.name == name && $0.arguments == arguments }
            let own = calls.count { $0.caller == caller }
            guard own < Self.maximumCalls, same.count(where: { $0.caller == caller }) < Self.maximumRepeats else {
                return nil
            }
            calls.append(
                Call(
                    caller: caller, name: name, arguments: arguments, result: nil, state: "executing", milliseconds: 0))
            return (calls.count - 1, same.count)
        }
        guard let place else {
            throw .limit("a turn makes at most \(Self.maximumCalls) tool calls, and \(Self.maximumRepeats) of the same")
        }
        return place
    }

    private func finish(_ place: Int, _ state: String, _ result: JSONValue?, since start: ContinuousClock.Instant) {
        let milliseconds = (ContinuousClock.now - start).milliseconds
        made.withLock { calls in
            calls[place].state = state
            calls[place].result = result
            calls[place].milliseconds = milliseconds
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000) }
}
