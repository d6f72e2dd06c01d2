import Foundation

/// Answers instructions by an agent's ordered skills, without a model (docs/agents.md).
public struct SkillEngine: Sendable {
    static let clarification = "clarify"

    let skills: [Skill]
    let fallback: Skill.Body

    /// An engine.
    /// - Parameters:
    ///   - skills: tried in order; the first full match wins, keywords only after all exact patterns.
    ///   - fallback: what to answer when nothing matched.
    public init(_ skills: [Skill], fallback: @escaping Skill.Body) {
        self.skills = skills
        self.fallback = fallback
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        let text = FoldedText(turn.instruction)
        if let question = turn.memory.pending, question.isOpen(at: turn.now),
            let reply = PendingReply.read(text, for: question)
        {
            if let answer = try await resume(question, reply, turn) { return answer }
        }
        var turn = turn
        turn.memory.pending = nil
        for skill in skills {
            for pattern in skill.patterns {
                guard let slots = pattern.slots(in: text) else { continue }
                let match = SkillMatch(slots: slots, language: turn.language(pattern.language), confidence: 1)
                return try await run(skill, match, turn)
            }
        }
        return try await answerByKeywords(text, turn)
    }

    /// Whether an instruction is one that a pattern matches exactly, that answers a pending question, or a bare mention,
    /// which asks for help.
    public func understands(_ turn: AgentTurn) -> Bool {
        let text = FoldedText(turn.instruction)
        if let question = turn.memory.pending, question.isOpen(at: turn.now),
            PendingReply.read(text, for: question) != nil
        {
            return true
        }
        return text.words.isEmpty || skills.contains { $0.patterns.contains { $0.slots(in: text) != nil } }
    }

    private func run(_ skill: Skill, _ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        var answer = try await skill.body(match, turn)
        answer.complete(skill: skill.name, confidence: match.confidence)
        return answer
    }

    private func resume(
        _ question: PendingQuestion, _ reply: PendingReply, _ turn: AgentTurn
    ) async throws -> AgentAnswer? {
        var next = turn
        next.memory.pending = nil
        if question.skill == Self.clarification {
            guard case .option(let option) = reply, let skill = skills.first(where: { $0.name == option.value }) else {
                return nil
            }
            next.instruction = question.note
            return try await run(skill, SkillMatch(slots: [:], language: question.language, confidence: 1), next)
        }
        guard let skill = skills.first(where: { $0.name == question.skill }), let resumption = skill.resumption else {
            return nil
        }
        var answer = try await resumption(question, reply, next)
        answer.complete(skill: skill.name, confidence: 1)
        return answer
    }

    private func answerByKeywords(_ text: FoldedText, _ turn: AgentTurn) async throws -> AgentAnswer {
        var best: [(skill: Skill, language: Language?)] = []
        var bestScore = 0.0
        for skill in skills {
            let scores = skill.patterns.compactMap { pattern in
                pattern.score(text).map { (score: $0, language: pattern.language) }
            }
            guard let top = scores.max(by: { $0.score < $1.score }), top.score >= bestScore else { continue }
            if top.score > bestScore { best = [] }
            bestScore = top.score
            best.append((skill, top.language))
        }
        guard let first = best.first else {
            var answer = try await fallback(SkillMatch(slots: [:], language: turn.language(nil), confidence: 0), turn)
            answer.complete(skill: "help", confidence: 0)
            return answer
        }
        let match = SkillMatch(slots: [:], language: turn.language(first.language), confidence: 0.6)
        return best.count == 1 ? try await run(first.skill, match, turn) : clarify(best.map(\.skill), match, turn)
    }

    /// Two skills fit equally well: ask which one is meant.
    private func clarify(_ skills: [Skill], _ match: SkillMatch, _ turn: AgentTurn) -> AgentAnswer {
        let options = skills.prefix(3).map { PendingQuestion.Option($0.label[match.language] ?? $0.name, $0.name) }
        let lead = match.language == .spanish ? "¿Qué quieres decir?" : "Which do you mean?"
        let lines = options.enumerated().map { "\($0.offset + 1). \($0.element.label)" }
        var memory = turn.memory
        memory.pending = PendingQuestion(
            skill: Self.clarification, options: options, note: String(turn.instruction.prefix(1_000)),
            language: match.language, askedAt: turn.now)
        var answer = AgentAnswer(([lead] + lines).joined(separator: "\n"), memory: memory)
        answer.complete(skill: Self.clarification, confidence: 0.6)
        return answer
    }
}
