import Foundation
import JSON

/// The skill of `@mem` that forgets: by number of the last list, by key, by words, or everything.
enum MemForgetting {
    private static let everything: Set<String> = [
        "everything", "all", "all of it", "everything about me", "todo", "todo sobre mi", "lo todo",
    ]

    static func forget(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MemPhrases(match.language)
        let what = match.slot("text")
        let folded = FoldedText(what)
        if let number = Int(folded.line) {
            guard let item = turn.memory.item(number, at: turn.now) else {
                return AgentAnswer(words.noSuchNumber(number), memory: turn.memory)
            }
            return try await forget(item, words, turn)
        }
        if everything.contains(folded.line) {
            var memory = turn.memory
            memory.pending = PendingQuestion(skill: "forget", note: "all", language: match.language, askedAt: turn.now)
            return AgentAnswer(words.confirmAll, memory: memory)
        }
        return try await forget(matching: what, match, turn)
    }

    private static func forget(
        matching what: String, _ match: SkillMatch, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let words = MemPhrases(match.language)
        let query = String(String.UnicodeScalarView(what.unicodeScalars.prefix(MemTools.longestQuery)))
        let found = MemLists.entries(try await turn.tools.call("mem_search", ["query": .string(query), "max": 10]))
        let key = FoldedText(query).line
        let keyed = found.filter { MemPatterns.key(of: $0.text) == key || FoldedText($0.text).line == key }
        let matching = keyed.isEmpty ? found : keyed
        guard let first = matching.first else { return AgentAnswer(words.nothingAbout(what), memory: turn.memory) }
        if matching.count == 1 { return try await forget(first.option, words, turn) }
        var memory = turn.memory
        let options = matching.map(\.option)
        memory.pending = PendingQuestion(skill: "forget", options: options, language: match.language, askedAt: turn.now)
        memory.keep(options, at: turn.now)
        let lines = options.enumerated().map { "\($0.offset + 1). \($0.element.label)" }
        return AgentAnswer(([words.whichToForget] + lines).joined(separator: "\n"), memory: memory)
    }

    static func resume(
        _ question: PendingQuestion, _ reply: PendingReply, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let words = MemPhrases(question.language)
        switch reply {
        case .option(let option): return try await forget(option, words, turn)
        case .no, .value: return AgentAnswer(words.kept, memory: turn.memory)
        case .yes:
            let forgotten = try await turn.tools.call("mem_forget", ["all": true])
            return AgentAnswer(words.forgottenAll(forgotten["count"]?.integerValue ?? 0), memory: SkillMemory())
        }
    }

    private static func forget(
        _ item: PendingQuestion.Option, _ words: MemPhrases, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        do {
            _ = try await turn.tools.call("mem_forget", ["id": .string(item.value)])
            return AgentAnswer(words.forgotten(item.label), memory: turn.memory)
        } catch ToolError.notFound {
            return AgentAnswer(words.alreadyForgotten, memory: turn.memory)
        }
    }
}
