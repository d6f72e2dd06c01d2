import Conversations
import Foundation
import JSON
import Tenancy

/// What `agent_logs` says of a turn, kept with the turn from the commit on until the row is there.
struct TurnRecord: Sendable {
    var state: AgentLog.State
    var latencyMs = 0
    var model: String?
    var usage: TurnUsage?
    var calls: [JSONValue] = []
    /// The reply's metadata; nil when nothing was said.
    var metadata: JSONObject?
    /// How the agent was chosen.
    var source: String?
    /// The conversation's platform.
    var channel: String?
    /// The version of the agent's definition.
    var version = 0

    var json: JSONObject {
        var json: JSONObject = [
            "state": .string(state.rawValue), "latencyMs": .integer(Int64(latencyMs)), "toolCalls": .array(calls),
        ]
        json["model"] = model.map { .string($0) }
        json["metadata"] = metadata.map { .object($0) }
        json["source"] = source.map { .string($0) }
        json["channel"] = channel.map { .string($0) }
        json["version"] = .integer(Int64(version))
        if let usage {
            json["promptTokens"] = .integer(Int64(usage.promptTokens))
            json["completionTokens"] = .integer(Int64(usage.completionTokens))
            json["costMicros"] = .integer(usage.costMicros)
            json["isEstimated"] = .bool(usage.isEstimated)
        }
        return json
    }

    /// The row of an ended turn.
    static func log(of turn: Turn, _ record: JSONObject) -> AgentLog {
        func number(_ name: String) -> Int { record[name]?.integerValue.flatMap { Int(exactly: $0) } ?? 0 }
        let state = record["state"]?.stringValue.flatMap(AgentLog.State.init(rawValue:)) ?? .failed
        // One row a round: a turn that is tried again on somebody's wish gets another one, which names no trigger, because
        // there is one row for each.
        let round = turn.earlierAttempts
        return AgentLog(
            id: round == 0 ? turn.id : TurnIdentity.row(of: turn.id, "log \(round)"), agentName: turn.agent,
            conversationId: turn.conversationId,
            triggerMessageId: round == 0 ? turn.triggerMessageId : nil, replyMessageId: turn.replyMessageId,
            state: state,
            model: record["model"]?.stringValue, promptTokens: number("promptTokens"),
            completionTokens: number("completionTokens"), costMicros: record["costMicros"]?.integerValue ?? 0,
            latencyMs: number("latencyMs"), toolCalls: record["toolCalls"]?.arrayValue ?? [], error: turn.error,
            createdAt: turn.finishedAt ?? Date().inMilliseconds,
            detail: AgentLog.Detail(
                state, metadata: record["metadata"]?.objectValue, source: record["source"]?.stringValue,
                channel: record["channel"]?.stringValue, version: number("version"),
                isEstimated: record["isEstimated"]?.boolValue ?? false))
    }
}

extension Turn.State {
    /// The state in the words of `agent_logs`; the state's own word for one that is not over.
    public var word: String { logState?.rawValue ?? rawValue }

    /// How `agent_logs` calls it; nil for one that is not over.
    var logState: AgentLog.State? {
        switch self {
        case .succeeded: .replied
        case .handedOff: .handedOff
        case .failed: .failed
        case .superseded: .superseded
        case .cancelled: .cancelled
        case .queued, .running, .awaitingApproval: nil
        }
    }
}
