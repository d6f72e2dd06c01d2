import Tenancy

/// Finds the keyword rule that an instruction fits. Looks at every word of the text once for each keyword; the numbers
/// of both are limited.
enum RuleMatch {
    static func first(_ rules: [KeywordRule], in text: FoldedText) -> KeywordRule? {
        let words = text.words.flatMap { word in
            word.folded.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        }
        return rules.first { rule in
            let phrases = rule.keywords.map { TextMatch.words($0) }.filter { !$0.isEmpty }
            guard !phrases.isEmpty else { return false }
            return rule.all ? phrases.allSatisfy { occurs($0, in: words) } : phrases.contains { occurs($0, in: words) }
        }
    }

    private static func occurs(_ phrase: [String], in words: [String]) -> Bool {
        guard phrase.count <= words.count else { return false }
        return (0...(words.count - phrase.count)).contains { start in
            zip(phrase, words[start...]).allSatisfy { wanted, word in
                wanted == word || TextMatch.similarity(wanted, word) >= 0.95
            }
        }
    }
}
