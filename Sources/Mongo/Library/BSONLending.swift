internal import CLibmongoc

// `bson_t` is aligned to 128 bytes, which Swift's stack does not promise. It lives on the heap here, always.

extension BSONDocument {
    /// Lends the document to C without a copy. The pointer is dead after `body`.
    func lend<Result>(_ body: (OpaquePointer) throws -> Result) throws -> Result {
        let header = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        defer { header.deallocate() }
        let pointer = OpaquePointer(header)
        return try bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, bson_init_static(pointer, base, buffer.count) else {
                throw MongoError(
                    .invalid, "A document could not be written: a key contains U+0000, or its bytes are not BSON")
            }
            return try body(pointer)
        }
    }

    /// Copies what C owns, or the empty document when there is nothing.
    init(copying pointer: OpaquePointer?) {
        guard let pointer, let data = bson_get_data(pointer) else {
            self.init()
            return
        }
        let length = Int(BSONScanner.int32(UnsafeRawBufferPointer(start: data, count: 4), at: 0))
        self.init(bytes: Array(UnsafeBufferPointer(start: data, count: Swift.max(length, BSONLimit.emptyBytes))))
    }
}

/// A `bson_t` that C fills in: a reply, or options to which a session is added.
struct BSONBuffer: ~Copyable {
    let pointer: OpaquePointer
    private let header: UnsafeMutableRawPointer

    /// Holds the empty document, which functions with a reply argument overwrite.
    init() {
        header = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        pointer = OpaquePointer(header)
        bson_init(pointer)
    }

    /// Starts with a copy of a document.
    init(_ document: BSONDocument) throws {
        self.init()
        let target = pointer
        try document.lend { source in
            guard bson_concat(target, source) else { throw MongoError(.invalid, "The options are too large") }
        }
    }

    var document: BSONDocument { BSONDocument(copying: pointer) }

    deinit {
        bson_destroy(pointer)
        header.deallocate()
    }
}
