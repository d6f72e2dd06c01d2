import JSON
import LanguageModels

/// Reads the arguments that a model wrote. Pure.
enum ToolCallReading {
    /// Why a call cannot be made, in words for the model.
    struct Fault: Error, Hashable {
        var words: String
    }

    /// The arguments as an object; none given counts as an empty one.
    static func arguments(_ call: ChatToolCall) throws(Fault) -> JSONObject {
        let text = call.arguments.drop { $0.isWhitespace }
        if text.isEmpty { return [:] }
        let value: JSONValue
        do { value = try JSONValue.parse(String(text)) } catch {
            throw Fault(words: "the arguments are not valid JSON: \(error.reason)")
        }
        switch value {
        case .object(let members): return members
        case .null: return [:]
        // Encoded once more as a string, as some models do.
        case .string(let inner):
            if let value = try? JSONValue.parse(inner), case .object(let members) = value { return members }
            fallthrough
        default: throw Fault(words: "the arguments must be a JSON object, not \(value.typeName)")
        }
    }

    /// The calls in the order in which they are made: neighbours that only read together, at most four; the others
    /// alone.
    static func batches<Call>(_ calls: [Call], atOnce: Int = 4, isRead: (Call) -> Bool) -> [[Call]] {
        var batches: [[Call]] = []
        var lastReads = false
        for call in calls {
            let reads = isRead(call)
            if reads, lastReads, let last = batches.last, last.count < atOnce {
                batches[batches.count - 1].append(call)
            } else {
                batches.append([call])
            }
            lastReads = reads
        }
        return batches
    }
}
