import Foundation
import JSON

/// What a model's text has to pass before anybody reads it. Pure; the order is that of docs/agents.md.
struct OutputChecks: Sendable {
    /// Why a text may not be shown, in words that a model can follow.
    enum Fault: Error, Sendable, Hashable {
        case empty
        case forbiddenWord(String)
        case ungroundedPrice
        case ungroundedStock
        case ungroundedTime
        case secret
        case language([Language])

        var words: String {
            switch self {
            case .empty: "it said nothing."
            case .forbiddenWord(let word): "it used the word \"\(word)\", which the company does not use."
            case .ungroundedPrice:
                "it stated an amount of money that no tool returned in this turn. State only amounts that a tool "
                    + "returned, or none."
            case .ungroundedStock:
                "it stated how many are in stock, which no tool returned in this turn. State only what a tool returned."
            case .ungroundedTime:
                "it named a day or a time that no tool returned in this turn and nobody asked for. Name only what a tool "
                    + "returned, as `local` writes it."
            case .secret: "it contained something that looks like a key, a token or an internal id."
            case .language(let languages):
                "it was not written in \(languages.map { $0 == .spanish ? "Spanish" : "English" }.joined(separator: " or "))."
            }
        }

        /// Its name in logs.
        var name: String {
            switch self {
            case .empty: "empty"
            case .forbiddenWord: "forbidden_word"
            case .ungroundedPrice: "ungrounded_price"
            case .ungroundedStock: "ungrounded_stock"
            case .ungroundedTime: "ungrounded_time"
            case .secret: "secret"
            case .language: "language"
            }
        }
    }

    /// Which links may stay.
    var links: LinkRule
    /// Words that the company does not use.
    var forbidden: [String]
    /// The languages of the answer; empty for all.
    var languages: [Language]
    /// What the tools of this turn returned.
    var results: [JSONValue]
    /// What was said to the agent; ids in it are no secret.
    var said: String
    /// Characters that the channel takes.
    var maximumCharacters: Int
    /// Whether counts of stock are held against the results.
    var checksStock = false
    /// How days and times are held against the results; nil where nobody asked about appointments.
    var times: TimeGrounding?

    /// The text as it would be shown: plain, with allowed links, not longer than the channel takes.
    func clean(_ text: String) -> String {
        let plain = links.apply(PlainText.make(text))
        return Self.cut(plain.trimmingCharacters(in: .whitespacesAndNewlines), to: maximumCharacters)
    }

    /// What keeps a cleaned text from being shown; nil when nothing does.
    /// - Parameter isWhole: a part of an answer is not held to its language.
    func fault(in text: String, isWhole: Bool = true) -> Fault? {
        if isWhole, text.isEmpty { return .empty }
        if let word = forbiddenWord(in: text) { return .forbiddenWord(word) }
        if !PriceGrounding.isGrounded(text, in: results) { return .ungroundedPrice }
        if checksStock, !StockGrounding.isGrounded(text, in: results, said: said) { return .ungroundedStock }
        if let times, !times.isGrounded(text, in: results, said: said) { return .ungroundedTime }
        if SecretPatterns.isIn(text) || SecretPatterns.strangeIds(in: text, known: isKnown) { return .secret }
        if isWhole, !languages.isEmpty, let language = Language.detect(FoldedText(text)), !languages.contains(language)
        {
            return .language(languages)
        }
        return nil
    }

    private func forbiddenWord(in text: String) -> String? {
        guard !forbidden.isEmpty else { return nil }
        let line = " " + FoldedText(text).line + " "
        return forbidden.first { word in
            let folded = FoldedText(word).line
            return !folded.isEmpty && line.contains(" \(folded) ")
        }
    }

    private func isKnown(_ id: String) -> Bool {
        said.lowercased().contains(id) || results.contains { Self.holds($0, id) }
    }

    private static func holds(_ value: JSONValue, _ id: String) -> Bool {
        switch value {
        case .string(let text): text.lowercased().contains(id)
        case .array(let elements): elements.contains { holds($0, id) }
        case .object(let members): members.contains { holds($0.value, id) }
        case .null, .bool, .integer, .number: false
        }
    }

    /// A text of at most so many characters, cut after a sentence where there is one in its second half.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.count > limit else { return text }
        let head = text.prefix(limit)
        return afterSentence(head, from: limit / 2) ?? String(head.dropLast()) + "…"
    }

    /// The text up to its last whole sentence, which ends at or after a place; nil when there is none.
    static func afterSentence(_ text: Substring, from place: Int) -> String? {
        guard let end = text.lastIndex(where: { ".!?。！？\n".contains($0) }) else { return nil }
        guard text.distance(from: text.startIndex, to: end) >= place else { return nil }
        return String(text[...end]).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
