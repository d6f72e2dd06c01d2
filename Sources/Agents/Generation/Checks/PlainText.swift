/// Makes a model's text plain: no control, bidi-override, zero-width and tag characters, no HTML, no thoughts, no
/// images. One pass each, linear.
enum PlainText {
    static func make(_ text: String) -> String {
        withoutImages(withoutTags(withoutThoughts(visible(text))))
    }

    /// Only characters that a reader sees, spaces and line breaks.
    static func visible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { last = scalar }
            switch scalar.value {
            case 0x0A: if last != "\r" { result.append(scalar) }
            case 0x09: result.append(scalar)
            case 0x0D: result.append("\n")
            case 0x2028, 0x2029, 0x85: result.append("\n")
            case 0..<0x20, 0x7F..<0xA0: continue
            case 0x202A...0x202E, 0x2066...0x2069: continue
            case 0x00AD, 0x180E, 0x200B, 0x2060...0x2064, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFB: continue
            case 0xE0000...0xE007F: continue
            // The joiners have a meaning after emoji and in scripts that join, none after ASCII.
            case 0x200C, 0x200D: if let last, !last.isASCII { result.append(scalar) }
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Without `<think>…</think>`, which some local models put in front of their answer; an open one reaches to the end.
    static func withoutThoughts(_ text: String) -> String { without(text, from: "<think>", through: "</think>") }

    /// Without tags; of `<script>` and `<style>` without what they hold. `<https://…>` keeps its address.
    static func withoutTags(_ text: String) -> String {
        var text = text
        for name in ["script", "style"] { text = without(text, from: "<\(name)", through: "</\(name)>") }
        text = without(text, from: "<!--", through: "-->")
        guard text.contains("<") else { return text }
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            result += rest[..<open]
            let inner = rest[rest.index(after: open)...]
            guard let first = inner.first, first.isASCII, first.isLetter || "/!?".contains(first) else {
                result.append("<")
                rest = inner
                continue
            }
            // A tag that is not closed reaches to the end of its line.
            let end = inner.firstIndex { $0 == ">" || $0.isNewline } ?? inner.endIndex
            let body = inner[..<end]
            if body.lowercased().hasPrefix("http://") || body.lowercased().hasPrefix("https://") { result += body }
            rest = end < inner.endIndex && inner[end] == ">" ? inner[inner.index(after: end)...] : inner[end...]
        }
        return result + rest
    }

    /// Without Markdown images: a picture's address would tell its server who reads.
    static func withoutImages(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstRange(of: "![") {
            result += rest[..<mark.lowerBound]
            let inner = rest[mark.upperBound...]
            guard let close = inner.firstIndex(of: "]") else { return result + inner }
            let after = inner[inner.index(after: close)...]
            guard after.first == "(" || after.first == "[" else {
                result += inner[..<close]
                rest = after
                continue
            }
            let closer: Character = after.first == "(" ? ")" : "]"
            guard let end = after.firstIndex(of: closer) else { return result }
            rest = after[after.index(after: end)...]
        }
        return result + rest
    }

    /// Without everything from a mark to its closing one, without regard to case; an open one reaches to the end.
    private static func without(_ text: String, from opening: String, through closing: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = find(opening, in: rest) {
            result += rest[..<start.lowerBound]
            guard let end = find(closing, in: rest[start.upperBound...]) else { return result }
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    private static func find(_ mark: String, in text: Substring) -> Range<Substring.Index>? {
        guard let first = mark.first else { return nil }
        var index = text.startIndex
        while let next = text[index...].firstIndex(of: first) {
            let part = text[next...].prefix(mark.count)
            if part.lowercased() == mark { return next..<part.endIndex }
            index = text.index(after: next)
        }
        return nil
    }
}
