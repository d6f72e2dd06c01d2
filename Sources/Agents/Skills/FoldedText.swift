import Foundation

/// An instruction in the form that skills match against: words in lower case without accents, and the way back to the
/// words as they were written.
public struct FoldedText: Sendable, Hashable {
    /// One word.
    public struct Word: Sendable, Hashable {
        /// Lower case, without accents and the punctuation around it.
        public let folded: String
        /// The word with its punctuation, in ``FoldedText/original``.
        let range: Range<String.Index>
    }

    /// Words that are looked at; the last slot of a pattern still reaches to the end of the text.
    static let wordLimit = 1_000

    /// The text as it was written.
    public let original: String
    /// Its words in order, at most 1,000.
    public let words: [Word]

    /// Takes a text apart.
    public init(_ text: String) {
        original = text
        var words: [Word] = []
        var start: String.Index?
        func close(_ end: String.Index) {
            guard let from = start else { return }
            start = nil
            let folded = Self.fold(text[from..<end])
            if !folded.isEmpty { words.append(Word(folded: folded, range: from..<end)) }
        }
        for index in text.indices {
            guard words.count < Self.wordLimit else { break }
            let character = text[index]
            if character.isWhitespace {
                close(index)
            } else if character == "=" || (character == "?" && start == nil && words.isEmpty) {
                // "gate = 4411" and "?gate" are read the same with and without spaces.
                close(index)
                let next = text.index(after: index)
                words.append(Word(folded: String(character), range: index..<next))
            } else if start == nil {
                start = index
            }
        }
        if words.count < Self.wordLimit { close(text.endIndex) }
        self.words = words
    }

    /// The words as one line, for comparing whole texts.
    public var line: String { words.map(\.folded).joined(separator: " ") }

    /// Part of the text as written, from one word to another, without sentence marks at its end. With `upTo` nil, to the end.
    func text(from first: Int, upTo end: Int? = nil) -> String {
        guard first < words.count, first < (end ?? words.count) else { return "" }
        let last = end.map { words[$0 - 1].range.upperBound } ?? original.endIndex
        var part = original[words[first].range.lowerBound..<last]
        while let mark = part.last, mark.isWhitespace || ".,;:!?…".contains(mark) { part.removeLast() }
        while let mark = part.first, mark.isWhitespace || "¿¡,:;".contains(mark) { part.removeFirst() }
        return String(part)
    }

    /// Everything from a word on, as written.
    func rest(from first: Int) -> String {
        first < words.count ? String(original[words[first].range.lowerBound...]) : ""
    }

    /// Lower case, accents folded, without punctuation at the ends; `’` as `'`.
    static func fold(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
        where !scalar.isCombiningMark {
            scalars.append(scalar == "’" ? "'" : scalar)
        }
        var folded = Substring(String(scalars))
        while let mark = folded.first, isPunctuation(mark) { folded.removeFirst() }
        while let mark = folded.last, isPunctuation(mark) { folded.removeLast() }
        return String(folded)
    }

    private static func isPunctuation(_ mark: Character) -> Bool { ".,;:!?…¿¡\"'“”‘’«»()[]{}<>*_`~".contains(mark) }
}
