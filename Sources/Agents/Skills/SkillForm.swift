/// A shape of words and typed slots: `my {key} is|are {value}`.
struct SkillForm: Sendable {
    /// What may stand in a slot.
    enum SlotKind: String, Sendable {
        /// One or more words.
        case text
        /// A whole number.
        case number
        /// An e-mail address.
        case email
        /// Words between quotation marks.
        case quoted
        /// A day or several: `tomorrow`, `next week`, `2026-04-03`.
        case days
    }

    private enum Element: Sendable {
        case word(Set<String>)
        case slot(String, SlotKind)
    }

    private let elements: [Element]

    /// Reads a shape. `{name}` is a slot of words, `{name:number}` a typed one, `a|b` are alternatives. Two slots of
    /// words must have a word between them.
    init(_ shape: String) {
        elements = shape.split(separator: " ").map { part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else {
                return .word(Set(part.split(separator: "|").map(String.init)))
            }
            let inner = part.dropFirst().dropLast().split(separator: ":", maxSplits: 1)
            return .slot(
                String(inner.first ?? ""), inner.count > 1 ? SlotKind(rawValue: String(inner[1])) ?? .text : .text)
        }
    }

    /// The slots' texts, or nil when the text has another shape. A slot ends at the first word that may follow it.
    func slots(in text: FoldedText) -> [String: String]? {
        var found: [String: String] = [:]
        var place = 0
        for (number, element) in elements.enumerated() {
            switch element {
            case .word(let words):
                guard place < text.words.count, words.contains(text.words[place].folded) else { return nil }
                place += 1
            case .slot(let name, let kind):
                guard let end = end(of: kind, from: place, before: number + 1, in: text), end > place else {
                    return nil
                }
                let isOpen = end == text.words.count && number == elements.count - 1 && kind == .text
                let value = text.text(from: place, upTo: isOpen ? nil : end)
                guard !value.isEmpty else { return nil }
                found[name] = kind == .quoted ? String(value.drop { $0 == "\"" || $0 == "“" }.dropLastQuote()) : value
                place = end
            }
        }
        return place >= text.words.count ? found : nil
    }

    private func end(of kind: SlotKind, from place: Int, before next: Int, in text: FoldedText) -> Int? {
        guard place < text.words.count else { return nil }
        let folded = text.words[place].folded
        switch kind {
        case .number: return Int(folded) == nil ? nil : place + 1
        case .days:
            // Whether words are a day does not depend on which day it is today.
            var reader = WhenReader(text.words.map(\.folded), today: CivilDate(number: 0))
            reader.place = place
            return reader.readDays() == nil ? nil : reader.place
        case .email:
            let parts = folded.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") ? place + 1 : nil
        case .quoted:
            guard let first = text.original[text.words[place].range].first, first == "\"" || first == "“" else {
                return nil
            }
            return text.words[place...].firstIndex { word in
                let written = text.original[word.range]
                return written.count > 1 && (written.hasSuffix("\"") || written.hasSuffix("”"))
            }.map { $0 + 1 }
        case .text:
            guard next < elements.count, case .word(let words) = elements[next] else { return text.words.count }
            return text.words[place...].firstIndex { words.contains($0.folded) }
        }
    }
}

extension Substring {
    fileprivate func dropLastQuote() -> Substring { last == "\"" || last == "”" ? dropLast() : self }
}
