/// The classes of characters the mention grammar (docs/agents.md, "Mention grammar") speaks of.
extension Unicode.Scalar {
    var isASCIILetter: Bool { (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7A }
    var isASCIIDigit: Bool { value >= 0x30 && value <= 0x39 }
    var isASCIIAlphanumeric: Bool { isASCIILetter || isASCIIDigit }

    /// A letter of a script that has upper and lower case (Latin, Greek, Cyrillic …).
    var isCasedLetter: Bool { isASCII ? isASCIILetter : properties.isCased }

    /// A decimal digit of any script.
    var isDecimalDigit: Bool { isASCII ? isASCIIDigit : properties.generalCategory == .decimalNumber }

    /// What glues to a handle: the scripts that separate words by spaces write no letter right before or after one.
    var joinsWords: Bool { isCasedLetter || isDecimalDigit }

    /// An accent or vowel sign; an enclosing mark (as in a keycap) is not one.
    var isCombiningMark: Bool {
        guard value >= 0x300 else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    var isAnyMark: Bool {
        isCombiningMark || (value >= 0x300 && properties.generalCategory == .enclosingMark)
    }

    var isLineBreak: Bool {
        self == "\n" || self == "\r" || self == "\u{2028}" || self == "\u{2029}"
    }

    /// Space within a line.
    var isHorizontalSpace: Bool {
        if isASCII { return self == " " || self == "\t" || value == 0x0B || value == 0x0C }
        return properties.generalCategory == .spaceSeparator
    }

    var isSpace: Bool { isLineBreak || isHorizontalSpace }

    /// Markdown's marks for bold, italic and struck text.
    var isEmphasis: Bool { self == "*" || self == "_" || self == "~" }

    /// Zero-width characters, byte order mark, word joiner, soft hyphen, variation selectors, direction marks.
    var isIgnoredInMentions: Bool { value == 0xAD || (value >= 0x300 && properties.isDefaultIgnorableCodePoint) }

    var isClosingBracketOrQuote: Bool {
        switch self {
        case ")", "]", "}", ">", "\"", "'", "”", "’", "»", "」", "』", "）", "】", "］": return true
        default: return false
        }
    }

    /// An opening mark after which a mention addresses somebody. `[` and `<` are markup, not speech.
    var opensSpeech: Bool {
        switch self {
        case "(", "{", "“", "‘", "«", "„", "「", "『", "（", "【", "¿", "¡": return true
        default: return false
        }
    }

    var endsSentence: Bool {
        switch self {
        case ".", "!", "?", ";", "…", "。", "！", "？", "；", "؟": return true
        default: return false
        }
    }

    /// Separators between a mention and what is said to it; they carry no meaning there.
    var separatesInstruction: Bool {
        switch self {
        case ",", ":", ";", "!", "…", "、", "，", "：", "；", "！", "。", ")", "]", "}": return true
        default: return false
        }
    }
}
