/// Cuts texts that are too long for one message of a channel.
enum TextSplit {
    /// The parts of a text, each of at most `limit` characters as UTF-16 counts them: cut after a paragraph, else a line,
    /// a sentence, a word, and only else in the middle. Nothing but white space at the cuts is lost.
    static func parts(_ text: String, limit: Int) -> [String] {
        var parts: [String] = []
        var rest = Substring(text)
        while rest.utf16.count > limit {
            let end = prefix(of: rest, limit)
            let cut = boundary(in: rest[..<end]) ?? end
            append(rest[..<cut], to: &parts)
            rest = rest[cut...]
        }
        append(rest, to: &parts)
        return parts
    }

    private static func append(_ piece: Substring, to parts: inout [String]) {
        let text = piece.trimmed
        if !text.isEmpty { parts.append(String(text)) }
    }

    /// How far `limit` reaches without cutting a character.
    private static func prefix(of text: Substring, _ limit: Int) -> Substring.Index {
        var count = 0
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            count += text[index..<next].utf16.count
            if count > limit {
                // One character alone that is longer than all that is allowed goes as it is.
                return index == text.startIndex ? next : index
            }
            index = next
        }
        return index
    }

    /// Where to cut: the last good place in the second half, so that parts do not become tiny.
    private static func boundary(in text: Substring) -> Substring.Index? {
        let half = text.index(text.startIndex, offsetBy: text.count / 2)
        let rules: [(Character, Character?) -> Bool] = [
            { $0 == "\n" && $1 == "\n" }, { character, _ in character == "\n" },
            { ".!?…。".contains($0) && ($1?.isWhitespace ?? false) }, { character, _ in character.isWhitespace },
        ]
        for rule in rules {
            var index = text.endIndex
            while index > half {
                let before = text.index(before: index)
                if rule(text[before], index < text.endIndex ? text[index] : nil) { return index }
                index = before
            }
        }
        return nil
    }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
