import Crypto
import JSON
import LanguageModels

/// The way of one model through a turn so far: names the place at which it is asked next, the same in every run of the
/// turn that went the same way.
///
/// How calls ended counts, not what they returned: reads are read again in a later run and may have changed.
struct ModelTrail: Sendable {
    private var way: String
    private var steps = 0

    init(model: String) { way = model }

    /// A call was made.
    mutating func note(_ outcome: ToolCalls.Outcome) {
        let end = outcome.succeeded ? "ok" : outcome.json["error"]?.stringValue ?? "failed"
        add("\(outcome.callId) \(outcome.name) \(end)")
    }

    /// A text was not accepted.
    mutating func note(refusal: String) { add("refused \(refusal)") }

    private mutating func add(_ step: String) {
        steps += 1
        way += "\n" + step
    }

    /// The name of the place.
    var place: String {
        let hash = SHA256.hash(data: Array(way.utf8)).prefix(16).hex
        return "model:\(steps):\(hash)"
    }
}

extension ChatAnswer {
    /// What is kept of an answer that calls tools.
    var kept: JSONValue {
        [
            "text": .string(text), "model": model.map { .string($0) } ?? .null,
            "promptTokens": .integer(Int64(usage.promptTokens)),
            "completionTokens": .integer(Int64(usage.completionTokens)),
            "cachedTokens": .integer(Int64(usage.cachedTokens)), "isEstimated": .bool(usage.isEstimated),
            "calls": .array(
                calls.map { ["id": .string($0.id), "name": .string($0.name), "arguments": .string($0.arguments)] }),
        ]
    }

    /// An answer that was kept; nil for something else.
    init?(kept: JSONValue) {
        guard let text = kept["text"]?.stringValue, let calls = kept["calls"]?.arrayValue else { return nil }
        func count(_ name: String) -> Int { kept[name]?.integerValue.map { Int($0) } ?? 0 }
        self.init(
            text: text,
            calls: calls.compactMap { call in
                guard let id = call["id"]?.stringValue, let name = call["name"]?.stringValue,
                    let arguments = call["arguments"]?.stringValue
                else { return nil }
                return ChatToolCall(id: id, name: name, arguments: arguments)
            }, model: kept["model"]?.stringValue,
            usage: ChatUsage(
                promptTokens: count("promptTokens"), completionTokens: count("completionTokens"),
                cachedTokens: count("cachedTokens"), isEstimated: kept["isEstimated"]?.boolValue ?? false))
    }
}
