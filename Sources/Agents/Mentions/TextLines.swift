/// The lines of a prepared text, as far as the mention grammar distinguishes them.
struct TextLine {
    enum Kind { case text, blank, quote, fence }

    var start: Int
    /// One past the last scalar before the line break.
    var end: Int
    var kind: Kind
    /// The first scalar that is not a space.
    var firstNonSpace: Int
    /// The first scalar after the indentation and a list marker.
    var contentStart: Int
}

extension TextLine {
    /// Cuts a text into lines and finds its fenced blocks and quoted lines, in one pass.
    static func lines(of scalars: [Unicode.Scalar], steps: inout Int) -> [TextLine] {
        var lines: [TextLine] = []
        var fence: (mark: Unicode.Scalar, length: Int)?
        var start = 0
        while start <= scalars.count {
            var end = start
            while end < scalars.count, !scalars[end].isLineBreak { end += 1 }
            steps += (end - start) * 4 + 1
            var line = TextLine(scalars, start, end)
            if let open = fence {
                if closes(open, scalars, line) { fence = nil }
                line.kind = .fence
            } else if let opened = opensFence(scalars, line) {
                fence = opened
                line.kind = .fence
            }
            lines.append(line)
            let isPair = end + 1 < scalars.count && scalars[end] == "\r" && scalars[end + 1] == "\n"
            start = end + (isPair ? 2 : 1)
        }
        return lines
    }

    private init(_ scalars: [Unicode.Scalar], _ start: Int, _ end: Int) {
        var first = start
        while first < end, scalars[first].isHorizontalSpace { first += 1 }
        let isQuote = first < end && first - start <= 3 && scalars[first] == ">"
        self.init(
            start: start, end: end, kind: first == end ? .blank : isQuote ? .quote : .text,
            firstNonSpace: first, contentStart: Self.afterListMarker(scalars, first, end))
    }

    /// After `- `, `* `, `+ `, `• `, `1. `, `1) ` and a task box; a dash may touch what follows it.
    private static func afterListMarker(_ scalars: [Unicode.Scalar], _ first: Int, _ end: Int) -> Int {
        guard first < end else { return first }
        var index = first
        var needsSpace = true
        switch scalars[index] {
        case "-":
            index += 1
            needsSpace = index < end && scalars[index] == "-"
        case "*", "+", "•", "–": index += 1
        default:
            while index < end, index - first < 9, scalars[index].isASCIIDigit { index += 1 }
            guard index > first, index < end, scalars[index] == "." || scalars[index] == ")" else { return first }
            index += 1
        }
        let marked = index
        while index < end, scalars[index].isHorizontalSpace { index += 1 }
        guard index > marked || !needsSpace else { return first }
        if index + 2 < end, scalars[index] == "[", scalars[index + 2] == "]",
            " xX".unicodeScalars.contains(scalars[index + 1])
        {
            index += 3
            while index < end, scalars[index].isHorizontalSpace { index += 1 }
        }
        return index
    }

    private static func run(_ scalars: [Unicode.Scalar], _ line: TextLine) -> (mark: Unicode.Scalar, length: Int)? {
        let first = line.firstNonSpace
        guard first < line.end, first - line.start <= 3, scalars[first] == "`" || scalars[first] == "~" else {
            return nil
        }
        var index = first
        while index < line.end, scalars[index] == scalars[first] { index += 1 }
        return index - first >= 3 ? (scalars[first], index - first) : nil
    }

    /// A line of backticks that has another backtick later is inline code, as in CommonMark.
    private static func opensFence(
        _ scalars: [Unicode.Scalar], _ line: TextLine
    ) -> (mark: Unicode.Scalar, length: Int)? {
        guard let run = run(scalars, line) else { return nil }
        let rest = scalars[(line.firstNonSpace + run.length)..<line.end]
        return run.mark == "`" && rest.contains("`") ? nil : run
    }

    private static func closes(
        _ open: (mark: Unicode.Scalar, length: Int), _ scalars: [Unicode.Scalar], _ line: TextLine
    ) -> Bool {
        guard let run = run(scalars, line), run.mark == open.mark, run.length >= open.length else { return false }
        return scalars[(line.firstNonSpace + run.length)..<line.end].allSatisfy(\.isHorizontalSpace)
    }
}
