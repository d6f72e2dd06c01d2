import JSON

/// `find …` and `search …`: looks through the author's conversations.
enum AssistantSearch {
    private static let beginnings = [
        ["search", "conversations", "for"], ["search", "my", "conversations", "for"],
        ["find", "conversations", "about"],
        ["find", "the", "conversation", "about"], ["find", "conversation"], ["find", "conversations"],
        ["busca", "conversaciones", "sobre"], ["busca", "la", "conversación", "sobre"], ["busca", "conversaciones"],
        ["buscar", "conversaciones"], ["search"], ["busca"], ["buscar"],
    ].map { $0.map { FoldedText.fold($0) } }

    /// What is looked for; nil when the text is no search.
    static func query(_ text: FoldedText) -> String? {
        let words = text.words.map(\.folded)
        guard let beginning = beginnings.first(where: { words.count > $0.count && words.starts(with: $0) }) else {
            return nil
        }
        return text.text(from: beginning.count)
    }

    static func answer(_ query: String, _ turn: AgentTurn, _ language: Language) async throws -> AgentAnswer {
        let isSpanish = language == .spanish
        let found: JSONValue
        do {
            found = try await turn.tools.call("conversation_search", ["query": .string(String(query.prefix(200)))])
        } catch ToolError.customerReads, ToolError.notAllowed {
            let text =
                isSpanish ? "Aquí no puedo buscar en tus conversaciones." : "I cannot search your conversations here."
            return complete(text, turn, confidence: 0)
        }
        let conversations = (found["conversations"]?.arrayValue ?? []).map { item in
            "· \(item["title"]?.stringValue ?? "") (\(day(item)))"
        }
        let messages = (found["messages"]?.arrayValue ?? []).map { item in
            "· \(day(item)) \(item["from"]?.stringValue ?? ""): \(line(item["text"]?.stringValue ?? ""))"
        }
        guard !(conversations + messages).isEmpty else {
            return complete(
                isSpanish ? "No encontré nada para «\(query)»." : "I found nothing for \"\(query)\".", turn,
                confidence: 1)
        }
        var lines: [String] = []
        if !conversations.isEmpty {
            lines += [isSpanish ? "Conversaciones con ese título:" : "Conversations with that title:"] + conversations
        }
        if !messages.isEmpty {
            lines += [isSpanish ? "Dicho hace poco aquí:" : "Said lately in your own thread:"] + messages
        }
        return complete(lines.joined(separator: "\n"), turn, confidence: 1)
    }

    private static func complete(_ text: String, _ turn: AgentTurn, confidence: Double) -> AgentAnswer {
        var answer = AgentAnswer(text, memory: turn.memory, confidence: confidence)
        answer.complete(skill: "search", confidence: confidence)
        return answer
    }

    private static func day(_ item: JSONValue) -> String { String((item["at"]?.stringValue ?? "").prefix(10)) }

    private static func line(_ text: String) -> String {
        String(text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(120))
    }
}
