extension BSONDocument {
    /// Checks bytes of unknown origin through and through: lengths, types, UTF-8, booleans and nesting.
    ///
    /// - Parameters:
    ///   - bytes: the document with its length and terminator, nothing after it.
    ///   - maximumDepth: how many documents and arrays may lie inside each other, this one included.
    /// - Throws: ``BSONError`` with the first broken rule and its position.
    public init(validating bytes: [UInt8], maximumDepth: Int = 100) throws(BSONError) {
        if let problem = bytes.withUnsafeBytes({ Self.problem(in: $0, at: 0, depth: maximumDepth) }) { throw problem }
        self.bytes = bytes
    }

    /// Whether every byte follows the rules of BSON, to the nesting MongoDB allows.
    public var isWellFormed: Bool {
        bytes.withUnsafeBytes { Self.problem(in: $0, at: 0, depth: BSONLimit.depth) } == nil
    }

    private static func problem(in bytes: UnsafeRawBufferPointer, at base: Int, depth: Int) -> BSONError? {
        guard depth > 0 else { return BSONError(reason: .depth, offset: base) }
        var scanner = BSONScanner(bytes)
        while let element = scanner.next() {
            let start = element.value.lowerBound
            if element.key(in: bytes) == nil { return BSONError(reason: .text, offset: base + element.key.lowerBound) }
            switch element.type {
            case BSONType.document, BSONType.array:
                let inner = UnsafeRawBufferPointer(rebasing: bytes[element.value])
                if let problem = problem(in: inner, at: base + start, depth: depth - 1) { return problem }
            case BSONType.bool where bytes[start] > 1: return BSONError(reason: .bool, offset: base + start)
            case BSONType.string, BSONType.regex:
                if element.value(in: bytes) == nil { return BSONError(reason: .text, offset: base + start) }
            case BSONType.codeWithScope, BSONType.dbPointer, BSONType.undefined, BSONType.code, BSONType.symbol:
                // Deprecated, never written here, and able to carry what is not looked at: not accepted from outside.
                return BSONError(reason: .type, offset: base + start)
            default: break
            }
        }
        return scanner.problem.map { BSONError(reason: $0.reason, offset: base + $0.offset) }
    }
}
