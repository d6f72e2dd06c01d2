import Foundation
import JSON
import Tenancy

/// One answer of a company's own agent without a model: a person when asked for, rules, questions, help.
struct CompanyAgentTurn {
    private let profile: AgentProfile
    private let rules: [KeywordRule]
    private let turn: AgentTurn
    private let language: Language
    private let words: CompanyAgentPhrases

    init(_ profile: AgentProfile, _ rules: [KeywordRule], _ turn: AgentTurn, _ language: Language) {
        self.profile = profile
        self.rules = rules
        self.turn = turn
        self.language = language
        words = CompanyAgentPhrases(voice: turn.voice, language: language)
    }

    func answer(_ text: FoldedText) async throws -> AgentAnswer {
        let intent = SalesIntent.read(text)
        if intent.intent == .human { return try await callPerson("asked") }
        if let rule = RuleMatch.first(rules, in: text) {
            if rule.handoff { _ = try await handoff("keyword rule") }
            var answer = done(rule.answer, "rule", 0.6, misses: 0)
            answer.wantsPerson = rule.handoff
            return answer
        }
        if let answer = try await BookingTurn(turn, language)?.answer(text) { return answer }
        if Self.isHelp(text) { return done(help, "help", 0) }
        if let found = try await fromQuestions() { return found }
        switch intent.intent {
        case .thanks where intent.query.isEmpty: return done(words.welcome, "thanks", 0.6)
        case .greeting where intent.query.isEmpty: return done(words.greeting + "\n" + help, "greeting", 0.6)
        default: return try await missed()
        }
    }

    func resume(_ question: PendingQuestion, _ reply: PendingReply) -> AgentAnswer {
        switch reply {
        case .option(let option): done(option.value, "faq", 1, misses: 0)
        case .yes, .no, .value: done(words.fine, "decline", 1, misses: 0)
        }
    }

    // MARK: Questions

    /// The answer to the question that fits, or a choice of up to three; nil when none does.
    private func fromQuestions() async throws -> AgentAnswer? {
        let ranked = try await QuestionMatch.ranked(turn, language)
        guard let best = ranked.first, best.score >= TextMatch.known else { return nil }
        let second = ranked.count > 1 ? ranked[1].score : 0
        if best.score >= TextMatch.sure, best.score - second >= TextMatch.lead {
            return done(best.answer, "faq", best.score >= 0.99 ? 1 : 0.6, misses: 0)
        }
        let near = ranked.filter { $0.score >= TextMatch.known && $0.score > best.score - 0.3 }.prefix(3)
        if near.count == 1, best.score >= TextMatch.sure { return done(best.answer, "faq", 0.6, misses: 0) }
        let options = near.map { PendingQuestion.Option($0.question, $0.answer) }
        let lines = options.enumerated().map { "\($0.offset + 1). \($0.element.label)" }
        var answer = done(([words.whichOne] + lines).joined(separator: "\n"), "choice", 0.6, misses: 0)
        answer.memory.pending = PendingQuestion(
            skill: "faq", options: Array(options), language: language, askedAt: turn.now)
        return answer
    }

    // MARK: Help and hand-off

    static func isHelp(_ text: FoldedText) -> Bool {
        ["", "help", "status", "what can you do", "ayuda", "que puedes hacer", "que sabes hacer"].contains(text.line)
    }

    private var help: String {
        let about = profile.description.isEmpty ? words.ask : profile.description
        return about + "\n" + words.orPerson
    }

    /// The second miss in a row calls a person, where customers are served.
    private func missed() async throws -> AgentAnswer {
        let misses = turn.memory.misses + 1
        if misses >= 2, profile.audience != .internal {
            return try await callPerson("could not answer twice")
        }
        return done(words.unknown + " " + words.orPerson, "unknown", 0, misses: misses)
    }

    private func callPerson(_ reason: String) async throws -> AgentAnswer {
        try await handoff(reason)
        var answer = done(words.person, "handoff", 1, misses: 0)
        answer.wantsPerson = true
        return answer
    }

    @discardableResult
    private func handoff(_ reason: String) async throws -> JSONValue {
        try await turn.tools.call("handoff_to_human", ["reason": .string(reason)])
    }

    private func done(_ text: String, _ skill: String, _ confidence: Double, misses: Int? = nil) -> AgentAnswer {
        var memory = turn.memory
        memory.pending = nil
        if let misses { memory.misses = misses }
        var answer = AgentAnswer(text, memory: memory, confidence: confidence)
        answer.complete(skill: skill, confidence: confidence)
        return answer
    }
}
