/// `@assistant`: answers the company's own questions, finds conversations, says which agents there are and which one to
/// ask; with a model it has the others do things.
public struct AssistantAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// The company's questions, conversations, other agents.
    public let tools: [any Tool]

    /// The agent on these tools, `faq_search`, `conversation_search` and `delegate` among them.
    public init(tools: [any Tool]) {
        self.tools = tools
        profile = AgentProfile(
            name: "assistant", description: "Explains which agent does what and suggests one.", audience: .internal,
            tools: tools.map(\.name),
            examples: [.english: "@assistant what can you do", .spanish: "@assistant qué puedes hacer"])
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        let text = FoldedText(turn.instruction)
        let language = turn.language(nil)
        if !CompanyAgentTurn.isHelp(text), let found = try await QuestionMatch.ranked(turn, language).first,
            found.score >= TextMatch.sure
        {
            var answer = AgentAnswer(found.answer, memory: turn.memory, confidence: 0.6)
            answer.complete(skill: "faq", confidence: 0.6)
            return answer
        }
        if let query = AssistantSearch.query(text) { return try await AssistantSearch.answer(query, turn, language) }
        let words = Set(text.words.map(\.folded))
        let fitting = turn.visibleAgents.filter { $0.name != "assistant" && !$0.keywords.isDisjoint(with: words) }
        if let best = fitting.max(by: { $0.keywords.intersection(words).count < $1.keywords.intersection(words).count })
        {
            var answer = AgentAnswer(suggestion(best, turn.instruction, language), memory: turn.memory, confidence: 0.6)
            answer.complete(skill: "suggest", confidence: 0.6)
            return answer
        }
        var answer = AgentAnswer(help(turn.visibleAgents, language), memory: turn.memory, confidence: 0)
        answer.complete(skill: "help", confidence: 0)
        return answer
    }

    /// Help, for a bare mention, and a search in so many words.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        let text = FoldedText(turn.instruction)
        return text.words.isEmpty || AssistantSearch.query(text) != nil ? try await answer(turn) : nil
    }

    private func suggestion(_ agent: AgentProfile, _ instruction: String, _ language: Language) -> String {
        let words = instruction.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let example = words.count <= 200 ? "@\(agent.name) \(words)" : agent.examples[language] ?? "@\(agent.name)"
        return language == .spanish ? "Para eso prueba: \(example)" : "For that try: \(example)"
    }

    private func help(_ agents: [AgentProfile], _ language: Language) -> String {
        let lead = language == .spanish ? "Estos agentes te ayudan:" : "These agents help you:"
        let lines = agents.filter { $0.name != "assistant" }.map { agent in
            "@\(agent.name): \(agent.description) " + (agent.examples[language].map { "\"\($0)\"" } ?? "")
        }
        return ([lead] + lines).joined(separator: "\n").trimmingTrailingSpaces()
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }
}
