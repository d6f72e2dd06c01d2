import Tenancy
import Testing

@testable import Agents

@Suite struct RuleMatchTests {
    private let rules = [
        KeywordRule(keywords: ["opening hours", "horario"], answer: "hours"),
        KeywordRule(keywords: ["broken", "screen"], all: true, answer: "both"),
        KeywordRule(keywords: ["café"], answer: "coffee"), KeywordRule(keywords: ["?!"], answer: "signs"),
    ]

    @Test(
        arguments: [
            ("What are your Opening Hours?", "hours"), ("¿Cuál es el horario?", "hours"), ("opening of hours", nil),
            ("my screen is broken", "both"), ("my screen is fine", nil), ("un CAFE por favor", "coffee"), ("?!", nil),
            ("", nil),
        ] as [(String, String?)])
    func findsTheRule(_ text: String, _ answer: String?) {
        #expect(RuleMatch.first(rules, in: FoldedText(text))?.answer == answer)
    }
}

@Suite struct TextMatchTests {
    @Test func aQuestionIsFoundByItsWords() {
        let query = TextMatch.contentWords("when do you open?")
        let hours = TextMatch.contentWords("What are your opening hours?")
        let returns = TextMatch.contentWords("How do I return something?")
        let score = TextMatch.score(title: hours, body: [], query)
        #expect(score >= TextMatch.sure && TextMatch.score(title: returns, body: [], query) < TextMatch.known)
        #expect(TextMatch.score(title: hours, body: [], []) == 0)
    }
}
