import Foundation
import JSON

/// Short names for the ids in tool results. A model sees `ref1` instead of a row's id, so it can repeat ids only of what
/// it was shown, and none leaks into a text.
struct ReferenceTable: Sendable {
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]

    /// A result with every id replaced.
    mutating func hide(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(UUID(strict: text) == nil ? text : name(for: text))
        case .array(let elements):
            var hidden: [JSONValue] = []
            for element in elements { hidden.append(hide(element)) }
            return .array(hidden)
        case .object(let members):
            var hidden = JSONObject()
            for (key, member) in members { hidden[key] = hide(member) }
            return .object(hidden)
        case .null, .bool, .integer, .number: return value
        }
    }

    /// Arguments with every short name replaced by its id.
    func reveal(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(ids[text] ?? text)
        case .array(let elements): return .array(elements.map { reveal($0) })
        case .object(let members): return .object(reveal(members))
        case .null, .bool, .integer, .number: return value
        }
    }

    func reveal(_ members: JSONObject) -> JSONObject {
        var revealed = JSONObject()
        for (key, member) in members { revealed[key] = reveal(member) }
        return revealed
    }

    private mutating func name(for id: String) -> String {
        if let name = names[id] { return name }
        let name = "ref\(names.count + 1)"
        names[id] = name
        ids[name] = id
        return name
    }
}
