/// A BSON document: one buffer of bytes, exactly as it is stored and sent.
///
/// Look-ups scan the buffer; nothing is decoded before it is asked for. Reading is safe for bytes of any origin: what
/// is malformed reads as absent. Check bytes from outside once with ``init(validating:maximumDepth:)``.
public struct BSONDocument: Sendable, Hashable {
    /// The document with its length and terminator. Empty when the document could not be written, because a key
    /// contained U+0000 or it grew beyond what BSON can express; the client refuses to send such a document.
    public var bytes: [UInt8]

    /// The empty document.
    public init() { bytes = [5, 0, 0, 0, 0] }

    /// Wraps bytes that are BSON already, such as those the server sent.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// Writes a document straight into one buffer: `BSONDocument { w in w.append("name", "Ada") }`.
    ///
    /// - Parameter capacity: how many bytes to reserve at first.
    public init(capacity: Int = 256, _ build: (inout BSONWriter) -> Void) {
        var writer = BSONWriter(capacity: capacity)
        build(&writer)
        self = writer.finish()
    }

    /// A document with these elements, in this order. A key that occurs twice is written twice; look-ups find the first.
    public init(_ elements: [(String, BSONValue)]) {
        self.init { writer in
            for (key, value) in elements { writer.append(key, value) }
        }
    }

    /// Whether the document could be written; see ``bytes``.
    public var isSendable: Bool { bytes.count >= BSONLimit.emptyBytes }

    /// Whether there is no element.
    public var isEmpty: Bool { bytes.count <= BSONLimit.emptyBytes }

    /// Adds an element at the end.
    public mutating func append(_ key: String, _ value: BSONValue) {
        guard isSendable else { return }
        var writer = BSONWriter(extending: bytes)
        bytes = []
        writer.append(key, value)
        self = writer.finish()
    }
}

extension BSONDocument: ExpressibleByDictionaryLiteral {
    /// A document in the order written: `["a": 1, "b": .uuid(id)]`.
    public init(dictionaryLiteral elements: (String, BSONValue)...) { self.init(elements) }
}
