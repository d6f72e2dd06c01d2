/// Marks what cannot mention: fenced and inline code, quoted lines, link destinations, URLs.
struct MentionMask {
    private(set) var isMasked: [Bool]
    private(set) var steps = 0
    private let scalars: [Unicode.Scalar]

    init(_ scalars: [Unicode.Scalar], _ lines: [TextLine]) {
        self.scalars = scalars
        isMasked = Array(repeating: false, count: scalars.count)
        var paragraph: Range<Int>?
        for line in lines {
            if line.kind == .text {
                paragraph = (paragraph?.lowerBound ?? line.start)..<line.end
                continue
            }
            if let whole = paragraph { maskInline(whole) }
            paragraph = nil
            mask(line.start..<line.end)
        }
        if let whole = paragraph { maskInline(whole) }
    }

    private mutating func mask(_ range: Range<Int>) {
        steps += range.count
        for index in range { isMasked[index] = true }
    }

    private mutating func maskInline(_ paragraph: Range<Int>) {
        maskCode(paragraph)
        maskLinkDestinations(paragraph)
        maskURLs(paragraph)
    }

    /// A run of n backticks is closed by the next run of n; an unclosed run is literal.
    private mutating func maskCode(_ paragraph: Range<Int>) {
        var runs: [Range<Int>] = []
        var index = paragraph.lowerBound
        while index < paragraph.upperBound {
            steps += 1
            guard scalars[index] == "`" else { index += 1; continue }
            let start = index
            while index < paragraph.upperBound, scalars[index] == "`" { index += 1 }
            runs.append(start..<index)
        }
        guard runs.count > 1 else { return }
        var following: [Int: Int] = [:]
        var closer: [Int?] = Array(repeating: nil, count: runs.count)
        for number in runs.indices.reversed() {
            closer[number] = following.updateValue(number, forKey: runs[number].count)
        }
        var number = 0
        while number < runs.count {
            steps += 1
            guard let close = closer[number] else { number += 1; continue }
            mask(runs[number].lowerBound..<runs[close].upperBound)
            number = close + 1
        }
    }

    private mutating func maskURLs(_ paragraph: Range<Int>) {
        var index = paragraph.lowerBound
        while index < paragraph.upperBound {
            steps += 1
            guard !isMasked[index], startsURL(index, paragraph) else { index += 1; continue }
            var end = index
            while end < paragraph.upperBound, !isMasked[end], !scalars[end].isSpace,
                !"<>\"".unicodeScalars.contains(scalars[end])
            {
                end += 1
            }
            mask(index..<end)
            index = max(end, index + 1)
        }
    }

    /// At the colon of `scheme://`, or at the first letter of `www.`, `mailto:` or `data:`.
    private func startsURL(_ index: Int, _ paragraph: Range<Int>) -> Bool {
        let scalar = scalars[index]
        if scalar == ":" {
            guard index > paragraph.lowerBound, follows("://", index, paragraph) else { return false }
            let before = scalars[index - 1]
            return before.isASCIIAlphanumeric || before == "+" || before == "-" || before == "."
        }
        let word: String
        switch scalar {
        case "w", "W": word = "www."
        case "m", "M": word = "mailto:"
        case "d", "D": word = "data:"
        default: return false
        }
        if index > paragraph.lowerBound, scalars[index - 1].joinsWords { return false }
        return follows(word, index, paragraph)
    }

    private func follows(_ word: String, _ index: Int, _ paragraph: Range<Int>) -> Bool {
        var index = index
        for scalar in word.unicodeScalars {
            guard index < paragraph.upperBound else { return false }
            let here =
                scalars[index].isASCIILetter ? Unicode.Scalar(UInt8(scalars[index].value | 0x20)) : scalars[index]
            guard here == scalar else { return false }
            index += 1
        }
        return true
    }
}

extension MentionMask {
    /// `[label](destination "title")`: all between the round brackets. The label is ordinary text.
    private mutating func maskLinkDestinations(_ paragraph: Range<Int>) {
        let brackets = matchBrackets(paragraph)
        guard !brackets.destinations.isEmpty else { return }
        let next = NextIndices(scalars, paragraph)
        steps += paragraph.count
        var index = paragraph.lowerBound
        for opening in brackets.destinations where opening >= index {
            steps += 1
            guard let close = brackets.closers[opening] else { continue }
            let first = min(next.nonSpace(opening + 1), close)
            var tokenEnd = min(next.space(first), close)
            if first < close, scalars[first] == "<" {
                let angle = next.angle(first)
                guard angle < close else { continue }
                tokenEnd = angle + 1
            }
            let rest = min(next.nonSpace(tokenEnd), close)
            guard rest == close || "\"'(".unicodeScalars.contains(scalars[rest]) else { continue }
            mask(opening..<close + 1)
            index = close + 1
        }
    }

    /// Pairs round brackets, and finds the ones that open right after a paired `]`.
    private mutating func matchBrackets(_ paragraph: Range<Int>) -> (destinations: [Int], closers: [Int: Int]) {
        var labels = 0
        var round: [Int] = []
        var closers: [Int: Int] = [:]
        var destinations: [Int] = []
        var index = paragraph.lowerBound
        while index < paragraph.upperBound {
            steps += 1
            defer { index += 1 }
            if isMasked[index] { continue }
            switch scalars[index] {
            case "\\": index += 1
            case "[": labels += 1
            case "]" where labels > 0:
                labels -= 1
                if index + 1 < paragraph.upperBound, scalars[index + 1] == "(", !isMasked[index + 1] {
                    destinations.append(index + 1)
                }
            case "(": round.append(index)
            case ")": if let open = round.popLast() { closers[open] = index }
            default: break
            }
        }
        return (destinations, closers)
    }
}

/// For every position of a paragraph the next space, the next non-space and the next `>`: one pass from the right.
private struct NextIndices {
    private let base: Int
    private var spaces: [Int]
    private var nonSpaces: [Int]
    private var angles: [Int]

    init(_ scalars: [Unicode.Scalar], _ paragraph: Range<Int>) {
        base = paragraph.lowerBound
        spaces = Array(repeating: paragraph.upperBound, count: paragraph.count + 1)
        nonSpaces = spaces
        angles = spaces
        for offset in (0..<paragraph.count).reversed() {
            let scalar = scalars[base + offset]
            spaces[offset] = scalar.isSpace ? base + offset : spaces[offset + 1]
            nonSpaces[offset] = scalar.isSpace ? nonSpaces[offset + 1] : base + offset
            angles[offset] = scalar == ">" ? base + offset : angles[offset + 1]
        }
    }

    func space(_ index: Int) -> Int { spaces[index - base] }
    func nonSpace(_ index: Int) -> Int { nonSpaces[index - base] }
    func angle(_ index: Int) -> Int { angles[index - base] }
}
