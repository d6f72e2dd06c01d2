import JSON

/// Finds the questions of a company, or of one of its agents, that an instruction asks.
enum QuestionMatch {
    struct Found {
        var question: String
        var answer: String
        var score: Double
    }

    /// What `faq_search` finds, the best first.
    static func ranked(_ turn: AgentTurn, _ language: Language) async throws -> [Found] {
        let query = TextMatch.contentWords(turn.instruction)
        guard !query.isEmpty else { return [] }
        let text = String(String.UnicodeScalarView(query.prefix(50).joined(separator: " ").unicodeScalars.prefix(500)))
        let json = try await turn.tools.call("faq_search", ["query": .string(text), "max": 10])
        let found: [Found] = (json["faqs"]?.arrayValue ?? []).compactMap { faq in
            guard let question = faq["question"]?.stringValue, let answer = faq["answer"]?.stringValue else {
                return nil
            }
            // A text in another language than the reader's counts only when there is nothing else.
            let isForeign = faq["language"]?.stringValue.map { $0 != language.rawValue } ?? false
            let score = TextMatch.score(
                title: TextMatch.contentWords(question), body: TextMatch.words(answer), query)
            return Found(question: question, answer: answer, score: isForeign ? score * 0.6 : score)
        }
        return found.enumerated().sorted { ($0.element.score, -$0.offset) > ($1.element.score, -$1.offset) }
            .map(\.element)
    }
}
