/// The exact words that a `brandPersonality` asks for: `Greet with "Hey there!"`, `sign off with …`, `never say …`, and
/// the same in Spanish. Read sentence by sentence; what is not written like that says nothing here.
struct VoiceNotes {
    var greeting: String?
    var closing: String?
    var signature: String?
    var forbidden: [String] = []

    /// The longest words for a greeting, closing or signature, in characters.
    static let longest = 200
    /// Forbidden words that are kept.
    static let maximumForbidden = 100

    private enum Kind { case greeting, closing, signature, forbidden }

    private static let phrases: [(Kind, [[String]])] = [
        (
            .greeting,
            words(["greet with", "greet people with", "greet customers with", "greeting", "saluda con", "saludo"])
        ),
        (
            .closing,
            words([
                "close with", "end with", "sign off with", "say goodbye with", "closing", "despidete con", "despedida",
                "termina con", "cierra con",
            ])
        ),
        (.signature, words(["sign as", "signature", "firma como", "firma"])),
        (
            .forbidden,
            words([
                "never say", "do not say", "don't say", "never use the word", "never use the words",
                "do not use the word", "do not use the words", "don't use the word", "don't use the words",
                "avoid the word", "avoid the words", "forbidden words", "no digas", "nunca digas", "no uses la palabra",
                "no uses las palabras", "evita la palabra", "evita las palabras", "palabras prohibidas",
            ])
        ),
    ]

    private static func words(_ phrases: [String]) -> [[String]] {
        phrases.map { FoldedText($0).words.map(\.folded) }.sorted { $0.count > $1.count }
    }

    init(_ personality: String) {
        for sentence in Self.sentences(personality) { read(sentence) }
    }

    private mutating func read(_ sentence: String) {
        let text = FoldedText(sentence)
        let folded = text.words.map(\.folded)
        for (kind, phrases) in Self.phrases {
            guard let end = phrases.lazy.compactMap({ Self.end(of: $0, in: folded) }).first else { continue }
            let rest = text.rest(from: end)
            let quoted = Self.quoted(rest)
            // "End with a question" asks for no exact words; "closing: See you" does.
            let isLabel = text.original[text.words[end - 1].range].hasSuffix(":")
            let isSigned = ["as", "como"].contains(folded[end - 1])
            switch kind {
            case .forbidden:
                let listed = quoted.isEmpty ? Self.list(rest) : quoted
                forbidden = Array((forbidden + listed.filter { $0.count <= 60 }).prefix(Self.maximumForbidden))
            case .greeting: greeting = greeting ?? Self.line(quoted.first ?? (isLabel ? rest : ""))
            case .closing: closing = closing ?? Self.line(quoted.first ?? (isLabel ? rest : ""))
            case .signature: signature = signature ?? Self.line(quoted.first ?? (isLabel || isSigned ? rest : ""))
            }
            return
        }
    }

    /// Where a phrase ends, when the text has it.
    private static func end(of phrase: [String], in words: [String]) -> Int? {
        guard phrase.count < words.count else { return nil }
        return (0...(words.count - phrase.count)).first { words[$0...].starts(with: phrase) }
            .map { $0 + phrase.count }.flatMap { $0 < words.count ? $0 : nil }
    }

    private static func line(_ text: String) -> String? {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
            .trimmed { $0.isWhitespace || "\"“”«»:".contains($0) }
        return (1...longest).contains(line.count) ? line : nil
    }

    private static func quoted(_ text: String) -> [String] {
        var found: [String] = []
        var open: String?
        for character in text {
            if "\"“”«»".contains(character) {
                if let inside = open, !inside.isEmpty { found.append(inside) }
                open = open == nil ? "" : nil
            } else {
                open?.append(character)
            }
        }
        return found
    }

    /// `cheap, bargain and deal` as three words.
    private static func list(_ text: String) -> [String] {
        let joined = [" and ", " or ", " y ", " o ", " ni "].reduce(text) { $0.replacing($1, with: ",") }
        return joined.split(separator: ",").map { $0.trimmed { $0.isWhitespace || ".:;!".contains($0) } }
            .filter { !$0.isEmpty }
    }

    /// Cuts at line ends, and at full stops and semicolons outside of quotes.
    private static func sentences(_ text: String) -> [String] {
        var sentences = [""]
        var isQuoted = false
        for character in text.prefix(4_000) {
            if "\"“”«»".contains(character) { isQuoted.toggle() }
            if character.isNewline || (!isQuoted && (character == "." || character == ";")) {
                sentences.append("")
                isQuoted = false
            } else {
                sentences[sentences.count - 1].append(character)
            }
        }
        return sentences
    }
}

extension StringProtocol {
    /// The text without what fits at its ends.
    fileprivate func trimmed(_ isOuter: (Character) -> Bool) -> String {
        var part = Substring(self)
        while let mark = part.first, isOuter(mark) { part.removeFirst() }
        while let mark = part.last, isOuter(mark) { part.removeLast() }
        return String(part)
    }
}
