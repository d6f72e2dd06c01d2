/// Array literals of one dimension: `{a,"b,c","with \" and \\"}`.
enum ArrayText {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let comma = UInt8(ascii: ",")

    /// Appends one element, quoted; NULL stays bare.
    static func append(_ value: PostgresValue, to text: inout [UInt8]) {
        let content: [UInt8]
        switch value {
        case .null: return text += Array("NULL".utf8)
        case .text(let string): content = Array(string.utf8)
        case .utf8(let bytes), .bytes(let bytes): content = bytes
        }
        text.append(quote)
        for byte in content {
            if byte == quote || byte == backslash { text.append(backslash) }
            text.append(byte)
        }
        text.append(quote)
    }

    /// The elements' texts; nil when a brace, quote or comma is missing, for NULL elements and nested arrays.
    static func elements(_ text: UnsafeBufferPointer<UInt8>) -> [[UInt8]]? {
        guard text.count >= 2, text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") else { return nil }
        let end = text.count - 1
        var index = 1
        var elements: [[UInt8]] = []
        if index == end { return [] }
        while true {
            guard let element = text[index] == quote ? quoted(text, &index, end) : bare(text, &index, end) else {
                return nil
            }
            elements.append(element)
            if index == end { return elements }
            guard text[index] == comma, index + 1 < end else { return nil }
            index += 1
        }
    }

    private static func quoted(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ end: Int) -> [UInt8]? {
        var element: [UInt8] = []
        index += 1
        while index < end {
            if text[index] == quote {
                index += 1
                return element
            }
            if text[index] == backslash { index += 1 }
            guard index < end else { return nil }
            element.append(text[index])
            index += 1
        }
        return nil
    }

    private static func bare(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ end: Int) -> [UInt8]? {
        let start = index
        while index < end, text[index] != comma {
            if [quote, UInt8(ascii: "{"), UInt8(ascii: "}")].contains(text[index]) { return nil }
            index += 1
        }
        let element = Array(text[start..<index])
        return element.isEmpty || element == Array("NULL".utf8) ? nil : element
    }
}
