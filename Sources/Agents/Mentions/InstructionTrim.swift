/// Takes off what stands between a mention and what is said to it, at both ends.
enum InstructionTrim {
    static func trimSpace(_ text: [Unicode.Scalar], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, text[start].isSpace { start += 1 }
        while end > start, text[end - 1].isSpace { end -= 1 }
        return start..<end
    }

    static func trim(_ text: [Unicode.Scalar], _ range: Range<Int>, steps: inout Int) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound,
            text[start].isIgnoredInMentions || text[start].isEmphasis
                || text[start].isClosingBracketOrQuote
        {
            start += 1
        }
        while start < range.upperBound {
            let length = separator(text, start..<range.upperBound)
            guard length > 0 else { break }
            start += length
        }
        steps += range.count * 2
        return start..<trimEnd(text, start..<range.upperBound)
    }

    /// The length of the separator that the range begins with, 0 when it begins with words.
    private static func separator(_ text: [Unicode.Scalar], _ range: Range<Int>) -> Int {
        let first = text[range.lowerBound]
        let next: Unicode.Scalar? = range.count > 1 ? text[range.lowerBound + 1] : nil
        if first.isSpace || first.separatesInstruction { return 1 }
        switch first {
        // "?gate" and ".5" begin an instruction; "..." and "? " do not.
        case "?", "？": return next.map { $0.joinsWords || $0.properties.isAlphabetic } ?? false ? 0 : 1
        case ".":
            var end = range.lowerBound
            while end < range.upperBound, text[end] == "." { end += 1 }
            let length = end - range.lowerBound
            return length == 1 && (next?.isDecimalDigit ?? false) ? 0 : length
        // "- unread" is set off by a dash; "-from:ana" is a search term.
        case "-", "–", "—":
            var end = range.lowerBound
            while end < range.upperBound, text[end] == first { end += 1 }
            return end == range.upperBound || text[end].isSpace ? end - range.lowerBound : 0
        default: return 0
        }
    }

    private static func trimEnd(_ text: [Unicode.Scalar], _ range: Range<Int>) -> Int {
        var open: [Unicode.Scalar: Int] = [:]
        for index in range where "()[]{}\"".unicodeScalars.contains(text[index]) { open[text[index], default: 0] += 1 }
        var end = range.upperBound
        while end > range.lowerBound {
            let last = text[end - 1]
            if last.isSpace || last == "," || last == ";" || last == ":" {
                end -= 1
            } else if isUnpaired(last, &open) {
                end -= 1
            } else {
                break
            }
        }
        return end
    }

    /// A closing bracket without its opening one belongs to what was cut away.
    private static func isUnpaired(_ last: Unicode.Scalar, _ open: inout [Unicode.Scalar: Int]) -> Bool {
        let pairs: [Unicode.Scalar: Unicode.Scalar] = [")": "(", "]": "[", "}": "{"]
        if last == "\"" {
            guard (open[last] ?? 0) % 2 == 1 else { return false }
        } else {
            guard let opening = pairs[last], (open[last] ?? 0) > (open[opening] ?? 0) else { return false }
        }
        open[last, default: 0] -= 1
        return true
    }
}
