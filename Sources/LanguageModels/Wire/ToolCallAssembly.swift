import Foundation
import JSON

/// Puts tool calls together from the pieces in which servers send them. Pure.
///
/// Servers disagree on how pieces belong together: some number them, some always with 0, some not at all; some repeat
/// id and name with every piece, some send no id; some end with a summary of all that was said before.
struct ToolCallAssembly: Sendable {
    private struct Part: Sendable {
        var index: Int?
        var id = ""
        var name = ""
        var arguments = ""
    }

    private var parts: [Part] = []
    private let maximumCalls: Int
    private let maximumArguments: Int

    init(maximumCalls: Int, maximumArguments: Int) {
        self.maximumCalls = maximumCalls
        self.maximumArguments = maximumArguments
    }

    var isEmpty: Bool { parts.isEmpty }

    /// Takes one element of `tool_calls` in.
    mutating func add(_ piece: JSONValue) throws(ModelError) {
        let function = piece["function"] ?? piece
        let id = piece["id"]?.stringValue ?? ""
        let name = function["name"]?.stringValue ?? ""
        let index = piece["index"]?.integerValue.flatMap { Int(exactly: $0) }
        let place = try place(index: index, id: id, name: name)
        if parts[place].id.isEmpty { parts[place].id = id }
        if parts[place].name.isEmpty { parts[place].name = name }
        try append(function["arguments"], at: place)
    }

    /// The calls; those without a name are dropped, those without an id get one.
    func calls() -> [ChatToolCall] {
        parts.filter { !$0.name.isEmpty }.map { part in
            ChatToolCall(
                id: part.id.isEmpty ? "call_" + UUID().uuidString.lowercased() : part.id, name: part.name,
                arguments: part.arguments)
        }
    }

    private mutating func place(index: Int?, id: String, name: String) throws(ModelError) -> Int {
        // The same id is the same call, wherever it says it stands.
        if !id.isEmpty, let known = parts.lastIndex(where: { $0.id == id }) { return known }
        let candidate = index.map { index in parts.lastIndex { $0.index == index } } ?? parts.indices.last
        if let candidate, continues(parts[candidate], id: id, name: name) { return candidate }
        guard parts.count < maximumCalls else {
            throw ModelError(.tooLarge, detail: "more than \(maximumCalls) tool calls")
        }
        parts.append(Part(index: index))
        return parts.count - 1
    }

    /// Whether a piece belongs to a call that has begun. Another id begins another call, and so does another name, or
    /// the same one after the arguments were complete.
    private func continues(_ part: Part, id: String, name: String) -> Bool {
        if !id.isEmpty, !part.id.isEmpty { return false }
        if name.isEmpty || part.name.isEmpty { return true }
        return name == part.name && !Self.isComplete(part.arguments)
    }

    private mutating func append(_ arguments: JSONValue?, at place: Int) throws(ModelError) {
        let known = parts[place].arguments
        switch arguments {
        case .string(let text)?:
            if !known.isEmpty, Self.isComplete(known), Self.says(text, known) { return }
            parts[place].arguments += text
        case .object(let members)?:
            let text = members.encodedString
            if known == text { return }
            parts[place].arguments = text
        default: return
        }
        guard parts[place].arguments.utf8.count <= maximumArguments else {
            throw ModelError(.tooLarge, detail: "arguments of more than \(maximumArguments) bytes")
        }
    }

    private static func isComplete(_ text: String) -> Bool { (try? JSONValue.parse(text)) != nil }

    /// Whether a piece repeats what is known, as it was or encoded once more as a string.
    private static func says(_ text: String, _ known: String) -> Bool {
        text == known || (try? JSONValue.parse(text))?.stringValue == known
    }
}
