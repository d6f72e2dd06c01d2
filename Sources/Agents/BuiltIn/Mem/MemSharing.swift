import Foundation
import JSON
import Tenancy

/// The skill of `@mem` that shares something with the whole company, after a yes.
enum MemSharing {
    static func share(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MemPhrases(match.language)
        var text = FoldedText(match.slot("text")).text(from: 0)
        var origin = turn.tools.scope.origin
        if let number = Int(FoldedText(text).line) {
            guard let item = turn.memory.item(number, at: turn.now) else {
                return AgentAnswer(words.noSuchNumber(number), memory: turn.memory)
            }
            do {
                let memory = try await turn.tools.call("mem_get", ["id": .string(item.value)])
                text = memory["text"]?.stringValue ?? ""
                origin = MemoryOrigin(memory)
            } catch ToolError.notFound {
                return AgentAnswer(words.alreadyForgotten, memory: turn.memory)
            }
        }
        guard !text.isEmpty else { return AgentAnswer(words.help, memory: turn.memory, confidence: 0) }
        guard text.unicodeScalars.count <= MemTools.longestText else {
            return AgentAnswer(words.tooLong, memory: turn.memory)
        }
        var memory = turn.memory
        memory.pending = PendingQuestion(skill: "share", note: text, language: match.language, askedAt: turn.now)
        memory.pending?.origin = origin
        return AgentAnswer(words.confirmShare(MemLists.short(text)), memory: memory)
    }

    static func resume(
        _ question: PendingQuestion, _ reply: PendingReply, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        let words = MemPhrases(question.language)
        guard reply == .yes else { return AgentAnswer(words.notShared, memory: turn.memory) }
        var arguments: JSONObject = ["text": .string(question.note)]
        arguments["messageId"] = question.origin.map { .string($0.messageId.lowercased) }
        arguments["conversationId"] = question.origin.map { .string($0.conversationId.lowercased) }
        let saved = try await turn.tools.call("mem_share", arguments)
        return AgentAnswer(words.shared(saved["text"]?.stringValue ?? question.note), memory: turn.memory)
    }
}
