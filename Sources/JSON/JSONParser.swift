extension JSONValue {
    /// Parses one JSON text (RFC 8259).
    ///
    /// Stricter than the RFC where the stores and other parsers would disagree about the meaning: no duplicate keys,
    /// no U+0000, no unpaired surrogates. Integers beyond 64 bits become `.number`.
    ///
    /// - Parameters:
    ///   - bytes: the text in UTF-8, without a byte order mark.
    ///   - maximumDepth: how deep arrays and objects may nest.
    /// - Throws: ``JSONError`` naming the fault and its place.
    public static func parse(_ bytes: [UInt8], maximumDepth: Int = 64) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
            var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth)
            return try parser.document()
        }
    }

    /// Parses JSON text; see ``parse(_:maximumDepth:)-([UInt8],_)``.
    public static func parse(_ text: String) throws(JSONError) -> JSONValue { try parse(Array(text.utf8)) }
}

/// A recursive descent parser over borrowed bytes; its recursion is bounded by `maximumDepth`.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw fault(.syntax, "unexpected text after the JSON value") }
        return value
    }

    func fault(_ code: JSONError.Code, _ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(code: code, reason: reason, offset: offset ?? position)
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw fault(.syntax, "the JSON text ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < maximumDepth else { throw fault(.tooDeep, "nested deeper than \(maximumDepth) levels") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try body(&self)
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault(.syntax, "expected ',' or ']' in an array") }
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONObject.Member] = []
        var seen: Set<String> = []
        if take("}") { return .object(JSONObject()) }
        while true {
            skipSpace()
            let start = position
            guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else {
                throw fault(.syntax, "expected a member name in quotes")
            }
            let key = try string()
            // A scan finds a repeated key in a small object; the set keeps a hostile large one linear.
            if members.count == 8 { seen = Set(members.map(\.key)) }
            let known = members.count < 8 ? members.contains { $0.key == key } : !seen.insert(key).inserted
            guard !known else { throw fault(.duplicateKey, "an object names a member twice", at: start) }
            guard take(":") else { throw fault(.syntax, "expected ':' after a member name") }
            members.append((key, try value()))
            if take("}") { return .object(JSONObject(distinct: members)) }
            guard take(",") else { throw fault(.syntax, "expected ',' or '}' in an object") }
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        let fits = position + length <= bytes.count
        guard fits, (0..<length).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] }) else {
            throw fault(.syntax, "expected a JSON value")
        }
        position += length
        return value
    }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }
}
