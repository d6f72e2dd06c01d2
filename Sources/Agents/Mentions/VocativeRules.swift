/// Tells mentions that speak to somebody ("@mail, what is new?") from those that speak of somebody ("ask @mail").
struct VocativeRules {
    private static let greetings: Set<String> = [
        "hey", "hi", "hello", "ok", "okay", "please", "hola", "oye", "oi", "favor",
    ]
    private static let joiners: Set<String> = ["and", "y", "e", "then"]
    private static let longestGreeting = 8

    let scalars: [Unicode.Scalar]
    let lines: [TextLine]
    private(set) var steps = 0

    init(_ scalars: [Unicode.Scalar], _ lines: [TextLine]) {
        self.scalars = scalars
        self.lines = lines
    }

    /// Where the address begins (greeting, bracket and list marker included), or nil for a mention that is not one.
    mutating func lead(of mention: WrittenMention) -> Int? {
        guard !mention.isPossessive else { return nil }
        return lead(before: mention.start, in: lines[mention.line], greetings: 3)
    }

    /// Whether only separators and "and" stand between two mentions.
    mutating func joins(_ first: WrittenMention, _ second: WrittenMention) -> Bool {
        guard first.line == second.line, !first.isPossessive, !second.isPossessive else { return false }
        var index = first.end
        while index < second.start {
            steps += 1
            let scalar = scalars[index]
            if scalar.isASCIILetter {
                let start = index
                while index < second.start, scalars[index].isASCIILetter, index - start < 5 { index += 1 }
                guard Self.joiners.contains(word(start..<index)) else { return false }
                guard index == second.start || !scalars[index].joinsWords else { return false }
                continue
            }
            let isSeparator = scalar == "," || scalar == "&" || scalar == "+" || scalar.isHorizontalSpace
            guard isSeparator || scalar.isClosingBracketOrQuote || scalar.opensSpeech else { return false }
            index += 1
        }
        return true
    }

    private mutating func lead(before position: Int, in line: TextLine, greetings: Int) -> Int? {
        var index = position
        while index > line.contentStart, scalars[index - 1].isHorizontalSpace { index -= 1 }
        steps += position - index + 1
        guard index > line.contentStart else { return line.start }
        let before = scalars[index - 1]
        if before.opensSpeech { return index - 1 }
        if before == "\"" || before == "'" {
            // A straight quote opens when it touches the mention and nothing touches it.
            let opens = index == position && (index - 1 == line.contentStart || scalars[index - 2].isHorizontalSpace)
            return opens ? index - 1 : nil
        }
        if before.endsSentence { return index }
        return greetings > 0 ? leadOfGreeting(endingAt: index, in: line, greetings: greetings - 1) : nil
    }

    private mutating func leadOfGreeting(endingAt end: Int, in line: TextLine, greetings: Int) -> Int? {
        var wordEnd = end
        while wordEnd > line.contentStart, scalars[wordEnd - 1] == "," || scalars[wordEnd - 1].isHorizontalSpace {
            wordEnd -= 1
        }
        var start = wordStart(wordEnd, in: line)
        steps += end - start
        let greeting = word(start..<wordEnd)
        guard Self.greetings.contains(greeting) else { return nil }
        if greeting == "favor" {
            var gap = start
            while gap > line.contentStart, scalars[gap - 1].isHorizontalSpace { gap -= 1 }
            let first = wordStart(gap, in: line)
            steps += start - first
            guard gap < start, word(first..<gap) == "por" else { return nil }
            start = first
        }
        return lead(before: start, in: line, greetings: greetings)
    }

    /// The start of the ASCII word that ends here; stops early where the word is too long to be a greeting.
    private func wordStart(_ end: Int, in line: TextLine) -> Int {
        var start = end
        while start > line.contentStart, end - start <= Self.longestGreeting, scalars[start - 1].isASCIILetter {
            start -= 1
        }
        return start
    }

    private func word(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view).lowercased()
    }
}
