extension JSONParser {
    /// A string; `position` is at its opening quote.
    mutating func string() throws(JSONError) -> String {
        let start = position
        position += 1
        let first = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try text(first..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: first)
            case 0..<0x20:
                throw fault(.syntax, "a control character in a string has to be escaped")
            default:
                position += 1
            }
        }
        throw fault(.syntax, "a string is not closed", at: start)
    }

    private func text(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw fault(.encoding, "the text is not valid UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// The slow path, from the first escape on.
    private mutating func escapedString(from first: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[first..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw fault(.encoding, "the text is not valid UTF-8", at: first)
                }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try appendEscape(to: &unescaped)
            case 0..<0x20:
                throw fault(.syntax, "a control character in a string has to be escaped")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw fault(.syntax, "a string is not closed", at: first - 1)
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw fault(.syntax, "a string is not closed") }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw fault(.syntax, "an unknown escape in a string", at: position - 2)
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Character {
        let start = position - 2
        let first = try codeUnit()
        var scalar = UInt32(first)
        if (0xD800..<0xDC00).contains(first) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw fault(.encoding, "an unpaired surrogate in a string", at: start) }
            position += 2
            let second = try codeUnit()
            guard (0xDC00..<0xE000).contains(second) else {
                throw fault(.encoding, "an unpaired surrogate in a string", at: start)
            }
            scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard scalar != 0 else { throw fault(.nulCharacter, "the character U+0000 is not allowed", at: start) }
        guard let character = Unicode.Scalar(scalar) else {
            throw fault(.encoding, "an unpaired surrogate in a string", at: start)
        }
        return Character(character)
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw fault(.syntax, "an escape in a string is too short") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, bytes[position] < 0x80 else {
                throw fault(.syntax, "expected four hexadecimal digits after \\u")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    /// A number as RFC 8259 section 6 writes it.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        guard digits() > 0 else { throw fault(.syntax, "expected a JSON value", at: start) }
        if bytes[firstDigit] == UInt8(ascii: "0"), position - firstDigit > 1 {
            throw fault(.syntax, "a number must not begin with 0", at: start)
        }
        var isInteger = true
        if peek == UInt8(ascii: ".") {
            position += 1
            isInteger = false
            guard digits() > 0 else { throw fault(.syntax, "expected digits after the decimal point") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            isInteger = false
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw fault(.syntax, "expected digits in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw fault(.numberRange, "a number is out of range", at: start)
        }
        return .number(number)
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }
}
