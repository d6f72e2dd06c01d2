import Conversations
import Crypto
import Foundation
public import JSON
import Synchronization
import Tenancy

/// What one turn did so far, kept durably, so that a run after a crash or a decision does nothing twice.
///
/// A tool that writes is kept with its result. One that must not run twice (``Tool/isRepeatable``) is also noted before
/// it runs: found noted and without a result, it is never run again, and its outcome is unknown. Reads are not kept. An
/// agent that asks a model keeps the model's answers as steps.
public final class TurnJournal: Sendable {
    /// A journal that keeps nothing beyond this process, for agents outside of turns.
    public static var forgetful: TurnJournal {
        TurnJournal(entries: [], keep: { _ in }, ask: { _ in nil }, reach: { _ in })
    }

    /// A call that needs a member's decision.
    struct Question: Sendable {
        var callId: String
        var tool: String
        var summary: String
        var arguments: JSONObject
        var argumentsHash: String
    }

    private let entries: Mutex<[String: ToolCallRecord]>
    private let waiting = Mutex<[Approval]>([])
    private let refused = Mutex<[Approval]>([])
    private let turnId: UUID
    private let keep: @Sendable (ToolCallRecord) async throws -> Void
    private let ask: @Sendable (Question) async throws -> Approval?
    private let reach: @Sendable (TurnStep) async throws -> Void

    init(
        turnId: UUID = UUID(), entries: [ToolCallRecord],
        keep: @escaping @Sendable (ToolCallRecord) async throws -> Void,
        ask: @escaping @Sendable (Question) async throws -> Approval?,
        reach: @escaping @Sendable (TurnStep) async throws -> Void
    ) {
        self.turnId = turnId
        self.entries = Mutex(Dictionary(entries.map { ($0.callId, $0) }, uniquingKeysWith: { first, _ in first }))
        self.keep = keep
        self.ask = ask
        self.reach = reach
    }

    // MARK: Steps

    /// What an earlier run of the turn kept under this name; nil when it did not get that far.
    public func step(_ name: String) -> JSONValue? {
        entries.withLock { $0["step:\(name)"] }.flatMap { $0.state == .succeeded ? $0.result : nil }
    }

    /// Keeps the result of a step, at most a mebibyte, so that the step is not made again.
    /// - Throws: `MongoError`, `ConversationError`.
    public func keep(step name: String, _ value: JSONValue) async throws {
        try await note(
            ToolCallRecord(turnId: turnId, callId: "step:\(name)", tool: "step", state: .succeeded, result: value))
    }

    // MARK: Calls

    /// The calls that wait for a decision.
    var pending: [Approval] { waiting.withLock { $0 } }
    /// Whether a call waits for a decision.
    var isWaiting: Bool { !pending.isEmpty }
    /// The calls that were decided against in this run.
    var rejected: [Approval] { refused.withLock { $0 } }

    /// Makes a call, or returns what an earlier run of the turn got from it.
    func perform(_ call: JournaledCall, _ scope: ToolScope) async throws -> JSONValue {
        let id = call.id
        switch entries.withLock({ $0[id] })?.state {
        case .succeeded: return entries.withLock { $0[id]?.result } ?? .null
        case .executing where !call.tool.isRepeatable, .unknown:
            try await note(record(call, .unknown))
            throw ToolError.unknownOutcome
        default: break
        }
        if call.policy == .approve { try await wait(for: call) }
        if !call.tool.isRepeatable {
            try await note(record(call, .executing))
            try await reach(.toolStarting)
        }
        let result: JSONValue
        do {
            result = try await call.tool.run(scope, call.arguments)
        } catch {
            // A tool says so by a ToolError when it did nothing. Of anything else it is not known.
            let didNothing = error is ToolError || call.tool.isRepeatable
            if !call.tool.isRepeatable { try await note(record(call, didNothing ? .failed : .unknown)) }
            throw didNothing ? error : ToolError.unknownOutcome
        }
        guard !call.tool.effect.onlyReads else { return result }
        try await reach(.toolDone)
        var done = record(call, .succeeded)
        done.result = result
        try await note(done)
        try await reach(.toolKept)
        return result
    }

    /// Returns when a member has approved exactly this call.
    private func wait(for call: JournaledCall) async throws {
        let question = Question(
            callId: call.id, tool: call.tool.name, summary: String(call.tool.summary(call.arguments).prefix(24_000)),
            arguments: call.arguments, argumentsHash: call.argumentsHash)
        guard let approval = try await ask(question), approval.argumentsHash == question.argumentsHash else {
            throw ToolError.needsApproval(call.tool.name)
        }
        switch approval.state {
        case .approved: return
        case .pending:
            waiting.withLock { $0.append(approval) }
            try await note(record(call, .awaitingApproval))
            throw ToolError.needsApproval(call.tool.name)
        case .rejected, .expired:
            refused.withLock { $0.append(approval) }
            try await note(record(call, .rejected))
            throw ToolError.rejected(approval.state.rawValue)
        }
    }

    private func record(_ call: JournaledCall, _ state: ToolCallRecord.State) -> ToolCallRecord {
        ToolCallRecord(
            turnId: turnId, callId: call.id, tool: call.tool.name, state: state, arguments: call.arguments)
    }

    private func note(_ entry: ToolCallRecord) async throws {
        try await keep(entry)
        entries.withLock { $0[entry.callId] = entry }
    }
}

/// A tool call with the name it has in its turn's journal.
struct JournaledCall: Sendable {
    var tool: any Tool
    var arguments: JSONObject
    /// Its place among the calls of the turn that are the same, from 0.
    var occurrence: Int
    var policy: ToolPolicy

    /// Tool, arguments and occurrence: the same whatever else a run calls before it.
    var id: String { "\(tool.name):\(argumentsHash.prefix(32)):\(occurrence)" }

    /// The hash of the exact arguments, whatever the order of their names.
    var argumentsHash: String {
        let sorted = arguments.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return SHA256.hash(data: JSONObject(sorted).encoded).hex
    }
}
