/// A mention as written: `@` and a handle with allowed neighbours, before anybody asked whose handle it is.
struct WrittenMention {
    /// Where the `@` is, in the prepared text.
    var at: Int
    /// Where the emphasis marks left of the `@` begin.
    var start: Int
    /// After the handle and the emphasis marks right of it.
    var end: Int
    var handle: String
    /// Followed by `'s`: speaks about the agent, not to it.
    var isPossessive: Bool
    /// The line the `@` stands in.
    var line: Int
}

/// Finds mentions by the left, handle and right rules of the grammar. Every scalar is looked at a bounded number of times.
struct MentionScanner {
    /// Longest handle.
    static let longestHandle = 32

    let scalars: [Unicode.Scalar]
    let lines: [TextLine]
    private(set) var steps = 0

    init(_ scalars: [Unicode.Scalar], _ lines: [TextLine]) {
        self.scalars = scalars
        self.lines = lines
    }

    mutating func mentions(outside isMasked: [Bool]) -> [WrittenMention] {
        var found: [WrittenMention] = []
        for (number, line) in lines.enumerated() where line.kind == .text {
            for index in line.start..<line.end {
                steps += 1
                guard scalars[index] == "@", !isMasked[index] else { continue }
                if var mention = mention(at: index, in: line) {
                    mention.line = number
                    found.append(mention)
                }
            }
        }
        return found
    }

    private mutating func mention(at index: Int, in line: TextLine) -> WrittenMention? {
        guard let start = left(of: index, in: line), let handleEnd = handle(after: index, in: line) else { return nil }
        var end = handleEnd
        while end < line.end, scalars[end].isEmphasis { end += 1 }
        steps += end - handleEnd
        guard allowsRight(end, in: line) else { return nil }
        var handle = String.UnicodeScalarView()
        handle.append(contentsOf: scalars[(index + 1)..<handleEnd])
        return WrittenMention(
            at: index, start: start, end: end, handle: String(handle).lowercased(),
            isPossessive: isPossessive(end, in: line), line: 0)
    }

    /// Where the emphasis left of the `@` begins, or nil when what stands there forbids a mention.
    private mutating func left(of index: Int, in line: TextLine) -> Int? {
        var start = index
        while start > line.start, scalars[start - 1].isEmphasis { start -= 1 }
        var before = start - 1
        while before >= line.start, scalars[before].isCombiningMark { before -= 1 }
        steps += index - before
        guard before >= line.start else { return start }
        switch scalars[before] {
        case ".": return before > line.start && scalars[before - 1] == "." ? start : nil
        case "-":
            let isDouble = before > line.start && scalars[before - 1] == "-"
            return isDouble || before == line.firstNonSpace ? start : nil
        case "+", "%", "@", "\\", "/", "#", "&", "=", "$": return nil
        case let scalar: return scalar.joinsWords ? nil : start
        }
    }

    /// One letter, then letters and digits with single `-` or `_` between them.
    private mutating func handle(after at: Int, in line: TextLine) -> Int? {
        var index = at + 1
        guard index < line.end, scalars[index].isASCIILetter else { return nil }
        index += 1
        while index < line.end, index - at <= Self.longestHandle + 1 {
            if scalars[index].isASCIIAlphanumeric {
                index += 1
            } else if scalars[index] == "-" || scalars[index] == "_", index + 1 < line.end,
                scalars[index + 1].isASCIIAlphanumeric
            {
                index += 2
            } else {
                break
            }
        }
        steps += index - at
        return index - at - 1 <= Self.longestHandle ? index : nil
    }

    private func allowsRight(_ end: Int, in line: TextLine) -> Bool {
        guard end < line.end else { return true }
        let scalar = scalars[end]
        let next: Unicode.Scalar? = end + 1 < line.end ? scalars[end + 1] : nil
        switch scalar {
        case "@", "/", "\\", "+", "=", "%", "&", "#", "$": return false
        case ".": return !(next?.joinsWords ?? false)
        case ":": return !(next == "/" && end + 2 < line.end && scalars[end + 2] == "/")
        default: return !scalar.joinsWords && !scalar.isAnyMark
        }
    }

    private func isPossessive(_ end: Int, in line: TextLine) -> Bool {
        guard end + 1 < line.end, scalars[end] == "'" || scalars[end] == "’" else { return false }
        guard scalars[end + 1] == "s" || scalars[end + 1] == "S" else { return false }
        return end + 2 >= line.end || !scalars[end + 2].joinsWords
    }
}
