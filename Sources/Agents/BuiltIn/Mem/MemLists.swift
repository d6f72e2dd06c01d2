import Foundation
import JSON

/// The skills of `@mem` that show memories.
enum MemLists {
    static let shown = 20
    /// A reply stays below the 32 KiB of a message.
    static let exportedBytes = 24_000

    /// One memory as a tool returns it.
    struct Entry {
        var id: String
        var text: String
        var createdAt: String

        var option: PendingQuestion.Option { .init(MemLists.short(text), id) }

        init?(_ json: JSONValue) {
            guard let id = json["id"]?.stringValue, let text = json["text"]?.stringValue else { return nil }
            self.id = id
            self.text = text
            createdAt = String((json["createdAt"]?.stringValue ?? "").prefix(10))
        }
    }

    static func entries(_ json: JSONValue) -> [Entry] { json["memories"]?.arrayValue?.compactMap { Entry($0) } ?? [] }

    static func list(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MemPhrases(match.language)
        let topic = match.slot("text")
        let json =
            topic.isEmpty
            ? try await turn.tools.call("mem_list", ["max": .integer(Int64(shown + 1))])
            : try await turn.tools.call("mem_search", ["query": .string(topic), "max": .integer(Int64(shown + 1))])
        let entries = entries(json)
        guard !entries.isEmpty else {
            return AgentAnswer(topic.isEmpty ? words.nothing : words.nothingAbout(topic), memory: turn.memory)
        }
        return numbered(words.lead(topic), Array(entries.prefix(shown)), hasMore: entries.count > shown, words, turn)
    }

    /// The memories that fit a question best, or nil when none does.
    static func found(_ query: String, _ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer? {
        let query = String(String.UnicodeScalarView(query.unicodeScalars.prefix(MemTools.longestQuery)))
        guard !query.isEmpty else { return nil }
        let json = try await turn.tools.call("mem_search", ["query": .string(query), "max": 5])
        let words = MemPhrases(match.language)
        let entries = best(entries(json), for: query)
        if entries.count == 1, let only = entries.first {
            var memory = turn.memory
            memory.keep([only.option], at: turn.now)
            return AgentAnswer(words.one(only.text, only.createdAt), memory: memory)
        }
        return entries.isEmpty ? nil : numbered(words.lead(query), entries, hasMore: false, words, turn)
    }

    /// When some of the memories have every word of the question, the others are noise.
    private static func best(_ entries: [Entry], for query: String) -> [Entry] {
        let asked = FoldedText(query).words.map(\.folded).filter { $0.count > 2 }
        let full = entries.filter { entry in
            let words = Set(FoldedText(entry.text).words.map(\.folded))
            return asked.allSatisfy(words.contains)
        }
        return asked.isEmpty || full.isEmpty ? entries : full
    }

    static func export(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let json = try await turn.tools.call("mem_list", ["max": 200])
        let words = MemPhrases(match.language)
        let entries = entries(json)
        var lines: [String] = []
        var size = 0
        for entry in entries {
            let line = "\(entry.createdAt)\t\(entry.text.replacingOccurrences(of: "\n", with: " "))"
            size += line.utf8.count + 1
            if size > exportedBytes { break }
            lines.append(line)
        }
        guard !lines.isEmpty else { return AgentAnswer(words.nothing, memory: turn.memory) }
        let isWhole = lines.count == entries.count && json["hasMore"]?.boolValue != true
        return AgentAnswer((lines + (isWhole ? [] : [words.cut])).joined(separator: "\n"), memory: turn.memory)
    }

    private static func numbered(
        _ lead: String, _ entries: [Entry], hasMore: Bool, _ words: MemPhrases, _ turn: AgentTurn
    ) -> AgentAnswer {
        var memory = turn.memory
        memory.keep(entries.map(\.option), at: turn.now)
        let lines = entries.enumerated().map { "\($0.offset + 1). \(short($0.element.text))" }
        return AgentAnswer(
            ([lead] + lines + [hasMore ? words.more : words.howToForget]).joined(separator: "\n"), memory: memory)
    }

    static func short(_ text: String) -> String {
        let line = text.replacingOccurrences(of: "\n", with: " ")
        return line.count > 300 ? line.prefix(299) + "…" : line
    }
}
