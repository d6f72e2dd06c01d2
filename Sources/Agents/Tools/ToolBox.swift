import Foundation
public import JSON
import Synchronization

/// The tools of one agent during one turn: checks arguments and policy, bounds the number of calls, keeps the results.
///
/// When the turn is run again after a crash or a decision, a call that had its effect returns its stored result (see
/// ``TurnJournal``); reads are read again.
public final class ToolBox: Sendable {
    /// Calls in one turn.
    static let maximumCalls = 12
    /// Calls with the same tool and arguments in one turn.
    static let maximumRepeats = 2

    /// One call as it went.
    struct Call: Sendable {
        var name: String
        var arguments: JSONObject
        var result: JSONValue?
        var state: String
        var milliseconds: Int
    }

    /// For whom the tools work.
    public let scope: ToolScope
    private let tools: [String: any Tool]
    private let isForCustomers: Bool
    private let journal: TurnJournal
    private let policies: [String: ToolPolicy]
    private let made = Mutex<[Call]>([])

    /// The tools of an agent of this audience.
    /// - Parameters:
    ///   - journal: the turn's; one that forgets without it.
    ///   - policies: where the company is stricter than a tool itself, by the tools' names.
    public init(
        _ tools: [any Tool], audience: AgentAudience, scope: ToolScope, journal: TurnJournal = .forgetful,
        policies: [String: ToolPolicy] = [:]
    ) {
        self.journal = journal
        self.policies = policies
        self.tools = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.scope = scope
        isForCustomers = audience != .internal
    }

    /// Calls a tool.
    /// - Throws: ``ToolError``, or whatever the tool's store throws.
    public func call(_ name: String, _ arguments: JSONObject = [:]) async throws -> JSONValue {
        guard let tool = tools[name] else { throw ToolError.unknownTool(name) }
        try tool.schema.check(arguments)
        try allow(tool)
        let own: ToolPolicy = try await tool.needsApproval(scope, arguments) ? .approve : .auto
        let policy = max(policies[name] ?? .auto, own)
        guard policy != .off else { throw ToolError.notAllowed("\(name) is switched off") }
        let (place, occurrence) = try reserve(name, arguments)
        let call = JournaledCall(tool: tool, arguments: arguments, occurrence: occurrence, policy: policy)
        let start = ContinuousClock.now
        do {
            let result = try await journal.perform(call, scope)
            finish(place, "succeeded", result, since: start)
            return result
        } catch {
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

    /// The calls without arguments and results, for the agent log.
    public var log: [JSONValue] {
        calls.map {
            ["name": .string($0.name), "state": .string($0.state), "latencyMs": .integer(Int64($0.milliseconds))]
        }
    }

    private func allow(_ tool: any Tool) throws(ToolError) {
        if isForCustomers, !tool.effect.isAllowedForCustomers {
            throw .notAllowed("agents that serve customers cannot use \(tool.effect.rawValue) tools")
        }
        if tool.effect == .privateRead, scope.isReadByCustomer { throw .customerReads }
    }

    /// Makes room for a call: its place among all, and among those that are the same.
    private func reserve(_ name: String, _ arguments: JSONObject) throws(ToolError) -> (place: Int, occurrence: Int) {
        let place: (Int, Int)? = made.withLock { calls in
            let same = calls.count { $0.name == name && $0.arguments == arguments }
            guard calls.count < Self.maximumCalls, same < Self.maximumRepeats else { return nil }
            calls.append(Call(name: name, arguments: arguments, result: nil, state: "executing", milliseconds: 0))
            return (calls.count - 1, same)
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
