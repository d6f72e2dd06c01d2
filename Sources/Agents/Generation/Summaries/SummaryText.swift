import Foundation
import LanguageModels

/// Makes what a model wrote about a conversation fit to be kept. Pure.
enum SummaryText {
    /// The text as it is kept; nil when it must not be: it is empty, or holds what looks like a secret or an id.
    static func checked(_ text: String, isCut: Bool, tokens: Int) -> String? {
        var text = LinkRule.none.apply(PlainText.make(text)).trimmingCharacters(in: .whitespacesAndNewlines)
        if isCut { text = OutputChecks.afterSentence(text[...], from: 1) ?? text }
        guard !text.isEmpty, !SecretPatterns.isIn(text), !SecretPatterns.strangeIds(in: text, known: { _ in false })
        else { return nil }
        return cut(text, tokens: tokens)
    }

    /// The text, at most about so many tokens of it.
    static func cut(_ text: String, tokens: Int) -> String {
        var text = text
        while case let size = TokenEstimate.tokens(in: text), size > tokens {
            text = OutputChecks.cut(text, to: max(1, min(text.count - 1, text.count * tokens / size)))
        }
        return text
    }

    /// The beginning of a message, which is all that goes into a summary.
    static func head(_ text: String) -> String {
        // By scalars: one character may be thousands of them.
        guard text.unicodeScalars.count > SummaryPlan.messageCharacters else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(SummaryPlan.messageCharacters))) + "…"
    }
}
