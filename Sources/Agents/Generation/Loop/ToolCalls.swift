import Foundation
import JSON
import LanguageModels
import Tenancy

/// Makes the tool calls of one step of a model, and puts results and errors in words for it.
struct ToolCalls: Sendable {
    /// Bytes of one result that a model is given.
    static let resultBytes = 16 << 10

    let tools: [any Tool]
    let box: ToolBox

    /// A result for the model, before ids are hidden.
    struct Outcome: Sendable {
        var callId: String
        var json: JSONObject
        var succeeded: Bool
        var name: String
    }

    /// Makes the calls: those that only read side by side, at most four; the others in order.
    func make(_ calls: [ChatToolCall], references: ReferenceTable) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        let batches = ToolCallReading.batches(calls) { call in
            tools.first { $0.name == call.name }?.effect.isRead ?? false
        }
        for batch in batches {
            if batch.count == 1, let call = batch.first {
                outcomes.append(try await make(call, references))
                continue
            }
            outcomes += try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
                for (place, call) in batch.enumerated() {
                    group.addTask { (place, try await make(call, references)) }
                }
                var done: [(Int, Outcome)] = []
                for try await outcome in group { done.append(outcome) }
                return done.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        return outcomes
    }

    /// - Throws: only `CancellationError`, and errors of stores that are away: the turn is then tried again.
    private func make(_ call: ChatToolCall, _ references: ReferenceTable) async throws -> Outcome {
        do {
            let arguments = references.reveal(try ToolCallReading.arguments(call))
            guard let tool = tools.first(where: { $0.name == call.name }) else {
                throw ToolError.unknownTool(call.name)
            }
            let result = try await withTimeLimit(tool.timeLimit) {
                try await box.call(call.name, arguments, by: .model)
            }
            return outcome(call, ["ok": true, "from": .string(tool.label), "result": result], true)
        } catch let fault as ToolCallReading.Fault {
            return outcome(call, error(fault.words), false)
        } catch let error as ToolError {
            return outcome(call, self.error(words(error)), false)
        } catch let failure as TurnFailure {
            guard case .timeout(let limit) = failure else { throw failure }
            return outcome(call, error("no answer within \(limit)"), false)
        } catch {
            try Task.checkCancellation()
            if isPassing(error) { throw error }
            return outcome(call, self.error("the tool failed"), false)
        }
    }

    private func outcome(_ call: ChatToolCall, _ json: JSONObject, _ succeeded: Bool) -> Outcome {
        Outcome(callId: call.id, json: json, succeeded: succeeded, name: call.name)
    }

    private func error(_ words: String) -> JSONObject { ["ok": false, "error": .string(words)] }

    private func words(_ error: ToolError) -> String {
        switch error {
        case .unknownTool(let name):
            "there is no tool \"\(name.prefix(64))\"; there are: \(tools.map(\.name).joined(separator: ", "))"
        case .invalidArguments(let why): why
        case .notAllowed(let why): why
        case .customerReads: "private things are not shown where a customer reads along"
        case .limit(let why): why + "; answer with what you know"
        case .notFound: "not found"
        case .failed(let words): words
        case .needsApproval: "not done: a member has to approve it first"
        case .rejected: "not done: a member decided against it; do not ask again"
        case .unknownOutcome: "it is not known whether this was done; say so, and do not try again"
        }
    }

    /// A result as the text of a message, cut to what a model is given.
    static func text(_ json: JSONObject) -> String {
        let text = json.encodedString
        guard text.utf8.count > resultBytes else { return text }
        let head = String(decoding: text.utf8.prefix(resultBytes), as: UTF8.self)
        return JSONObject([("cut", true), ("text", .string(head))]).encodedString
    }
}

extension Tool {
    /// Whose words a result holds, for the model.
    var label: String { bringsExternalContent ? "outside" : "company" }
}
