/// Whether a customer asks for a person. Short lists of whole phrases, so that a question about people or agents is not
/// taken for one; what else means the same the agents themselves understand.
enum HandoffWords {
    private static let whole: Set<String> = [
        "human", "a human", "human please", "person", "a person", "real person", "agent", "human agent", "live agent",
        "operator", "representative", "support agent", "humano", "un humano", "persona", "una persona",
        "una persona por favor", "humano por favor", "agente", "agente humano", "un agente", "asesor", "asesora",
        "un asesor", "operador", "operadora",
    ]
    private static let verbs = [
        "talk to", "talk with", "speak to", "speak with", "chat with", "connect me to", "connect me with",
        "transfer me to", "get me", "i want", "i need", "can i have", "hablar con", "comunicarme con",
        "comuniqueme con", "comunicame con", "paseme con", "pasame con", "quiero", "necesito", "atienda", "atiende",
    ]
    private static let people = [
        "a human", "a real human", "a person", "a real person", "an actual person", "someone real", "a human agent",
        "a live agent", "an agent", "a representative", "an operator", "someone from your team", "someone on your team",
        "someone", "somebody", "un humano", "una persona", "una persona real", "alguien real", "un agente",
        "un agente humano", "un asesor", "una asesora", "un operador", "una operadora", "un representante", "alguien",
    ]
    /// Too vague after "I want" or "get me".
    private static let vague: Set<String> = ["someone", "somebody", "alguien", "an agent", "un agente"]
    private static let wishes: Set<String> = ["get me", "i want", "i need", "can i have", "quiero", "necesito"]
    private static let negations = ["don't ", "do not ", "dont ", "no quiero ", "no necesito ", "without "]
    private static let phrases = verbs.flatMap { verb in
        people.filter { !(wishes.contains(verb) && vague.contains($0)) }.map { "\(verb) \($0)" }
    }
    /// What makes another thing of a phrase when it follows: "a person of this size".
    private static let longest = 300

    static func asks(_ content: String) -> Bool {
        let text = FoldedText(String(content.prefix(longest)))
        let words = text.words.map { $0.folded.filter { $0 != "," && $0 != "." } }.filter { $0 != "please" }
        let line = words.joined(separator: " ")
        if whole.contains(line) { return true }
        let padded = " \(line) "
        return phrases.contains { phrase in
            guard let range = padded.firstRange(of: " \(phrase) ") else { return false }
            let before = padded[..<range.lowerBound]
            return !negations.contains { "\(before) ".hasSuffix($0) || before.suffix(24).contains(" \($0)") }
        }
    }
}
