import Foundation
public import JSON
import Synchronization

/// The tools of one agent during one turn: checks arguments and policy, bounds the number of calls, keeps the results.
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
    private let made = Mutex<[Call]>([])
    private let tainted = Mutex(Taint())

    /// The tools of an agent of this audience.
    public init(_ tools: [any Tool], audience: AgentAudience, scope: ToolScope) {
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
        try allow(tool, caller)
        if try await tool.needsApproval(scope, arguments) { throw ToolError.needsApproval(name) }
        let place = try reserve(name, arguments, caller)
        let start = ContinuousClock.now
        do {
            let result = try await tool.run(scope, arguments)
            finish(place, "succeeded", result, since: start)
            // Tools of foreign servers say so with their results.
            let isExternal = tool.bringsExternalContent || result["trust"]?.stringValue == "external"
            tainted.withLock { $0.note(tool.effect, isExternal: isExternal) }
            return result
        } catch {
            finish(place, "failed", nil, since: start)
            throw error
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
    }

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

    /// Skills act on the person's own words; a model may have been talked into it by what it read.
    private func allow(_ tool: any Tool, _ caller: Caller) throws(ToolError) {
        if let refusal = refusal(tool) { throw refusal }
        guard caller == .model, !tool.reachesNobody else { return }
        switch taint.permission(for: tool.effect) {
        case .byPolicy: break
        case .approve: throw .needsApproval(tool.name)
        case .never: throw .notAllowed("not after what this turn has read")
        }
    }

    private func refusal(_ tool: any Tool) -> ToolError? {
        ToolPermission.refusal(
            tool.effect, audience: audience, author: scope.author.kind, isReadByCustomer: scope.isReadByCustomer)
    }

    private func reserve(_ name: String, _ arguments: JSONObject, _ caller: Caller) throws(ToolError) -> Int {
        let place: Int? = made.withLock { calls in
            let own = calls.filter { $0.caller == caller }
            let same = own.count { $0.name == name && $0.arguments == arguments }
            guard own.count < Self.maximumCalls, same < Self.maximumRepeats else { return nil }
            calls.append(
                Call(
                    caller: caller, name: name, arguments: arguments, result: nil, state: "executing", milliseconds: 0))
            return calls.count - 1
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
