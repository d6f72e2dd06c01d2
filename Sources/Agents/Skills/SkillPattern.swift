/// How a skill recognises an instruction. Matching looks at every word a bounded number of times; there are no regular
/// expressions, so nothing a person or company writes makes it slow.
public struct SkillPattern: Sendable {
    enum Kind: Sendable {
        case exact(Set<String>)
        case prefix([[String]])
        case form(SkillForm)
        case keywords([String: Double], threshold: Double)
    }

    /// The language it is written in, which is also the language of the answer; nil for patterns of signs only.
    let language: Language?
    let kind: Kind

    /// The whole instruction is one of these phrases.
    public static func exact(_ language: Language, _ phrases: String...) -> SkillPattern {
        SkillPattern(language: language, kind: .exact(Set(phrases.map { FoldedText($0).line })))
    }

    /// The instruction begins with one of these phrases; the rest, at least one word, is the slot `text`.
    public static func prefix(_ language: Language, _ phrases: String...) -> SkillPattern {
        let words = phrases.map { FoldedText($0).words.map(\.folded) }.sorted { $0.count > $1.count }
        return SkillPattern(language: language, kind: .prefix(words))
    }

    /// The instruction has this shape: words, alternatives (`is|are`) and slots (`{key}`, `{n:number}`).
    public static func form(_ language: Language?, _ shape: String) -> SkillPattern {
        SkillPattern(language: language, kind: .form(SkillForm(shape)))
    }

    /// The instruction has words of this set whose weights reach the threshold.
    public static func keywords(_ language: Language, _ words: [String: Double], threshold: Double = 1) -> SkillPattern
    {
        SkillPattern(language: language, kind: .keywords(words, threshold: threshold))
    }

    /// What the pattern finds in a text. Keywords never match here; see ``score(_:)``.
    func slots(in text: FoldedText) -> [String: String]? {
        switch kind {
        case .exact(let phrases): return phrases.contains(text.line) ? [:] : nil
        case .prefix(let phrases):
            for phrase in phrases where text.words.count > phrase.count {
                guard zip(phrase, text.words).allSatisfy({ $0 == $1.folded }) else { continue }
                let rest = text.text(from: phrase.count)
                return rest.isEmpty ? nil : ["text": rest]
            }
            return nil
        case .form(let form): return form.slots(in: text)
        case .keywords: return nil
        }
    }

    /// The weight of the keywords in a text, nil below the threshold and for the other kinds.
    func score(_ text: FoldedText) -> Double? {
        guard case .keywords(let words, let threshold) = kind else { return nil }
        var seen: Set<String> = []
        var score = 0.0
        for word in text.words where seen.insert(word.folded).inserted { score += words[word.folded] ?? 0 }
        return score >= threshold ? score : nil
    }
}
