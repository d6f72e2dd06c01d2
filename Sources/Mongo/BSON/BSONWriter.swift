import Foundation

/// Writes a document into one growing buffer. Lengths of nested documents are filled in when they end.
///
/// A key with U+0000, which BSON cannot express, spoils the whole document: ``BSONDocument/isSendable`` is false then
/// and nothing of it reaches the server.
public struct BSONWriter {
    private var bytes: [UInt8]
    private var spoiled = false

    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(Swift.max(capacity, BSONLimit.emptyBytes))
        bytes.append(contentsOf: [0, 0, 0, 0])
    }

    /// Goes on behind the last element of a finished document.
    init(extending finished: [UInt8]) {
        bytes = finished
        bytes.removeLast()
    }

    consuming func finish() -> BSONDocument {
        close(0)
        return BSONDocument(bytes: spoiled ? [] : bytes)
    }

    /// Writes a nested document.
    public mutating func document(_ key: String, _ build: (inout BSONWriter) -> Void) {
        start(BSONType.document, key)
        let offset = open()
        build(&self)
        close(offset)
    }

    /// Writes an array whose elements `build` adds one by one.
    public mutating func array(_ key: String, _ build: (inout BSONArrayWriter) -> Void) {
        start(BSONType.array, key)
        let offset = open()
        // The buffer moves into the array's writer and back, so that it is never copied.
        var inner = BSONArrayWriter(writer: self.moved())
        build(&inner)
        swap(&self, &inner.writer)
        close(offset)
    }

    private mutating func moved() -> BSONWriter {
        let all = self
        bytes = []
        return all
    }

    private mutating func open() -> Int {
        let offset = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        return offset
    }

    private mutating func close(_ offset: Int) {
        bytes.append(0)
        guard let length = Int32(exactly: bytes.count - offset) else {
            spoiled = true
            return
        }
        withUnsafeBytes(of: length.littleEndian) { length in
            for index in 0..<4 { bytes[offset + index] = length[index] }
        }
    }

    mutating func start(_ type: UInt8, _ key: String) {
        bytes.append(type)
        cString(key)
    }

    mutating func cString(_ text: String) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        if bytes[start...].contains(0) { spoiled = true }
        bytes.append(0)
    }

    mutating func startElement(_ type: UInt8, index: Int) {
        bytes.append(type)
        if index < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(index))
        } else {
            bytes.append(contentsOf: "\(index)".utf8)
        }
        bytes.append(0)
    }

    mutating func fixed(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    mutating func text(_ value: String) {
        let offset = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        bytes.append(contentsOf: value.utf8)
        bytes.append(0)
        let length = Int32(truncatingIfNeeded: bytes.count - offset - 4)
        withUnsafeBytes(of: length.littleEndian) { length in
            for index in 0..<4 { bytes[offset + index] = length[index] }
        }
    }

    mutating func binary(_ value: [UInt8]) {
        fixed(Int32(truncatingIfNeeded: value.count))
        bytes.append(BSONBinary.generic)
        bytes.append(contentsOf: value)
    }

    mutating func uuid(_ value: UUID) {
        fixed(Int32(16))
        bytes.append(BSONBinary.uuid)
        withUnsafeBytes(of: value.uuid) { bytes.append(contentsOf: $0) }
    }

    mutating func nested(_ value: BSONDocument) {
        if !value.isSendable { spoiled = true }
        bytes.append(contentsOf: value.bytes)
    }

    mutating func values(_ values: [BSONValue]) {
        let offset = open()
        for (index, value) in values.enumerated() {
            startElement(value.type, index: index)
            payload(value)
        }
        close(offset)
    }
}

/// Writes the elements of an array in order.
public struct BSONArrayWriter {
    var writer: BSONWriter
    private var count = 0

    init(writer: BSONWriter) { self.writer = writer }

    /// Adds a value.
    public mutating func append(_ value: BSONValue) {
        writer.startElement(value.type, index: count)
        writer.payload(value)
        count += 1
    }

    /// Adds a document that `build` writes in place.
    public mutating func document(_ build: (inout BSONWriter) -> Void) {
        writer.startElement(BSONType.document, index: count)
        writer.inPlace(build)
        count += 1
    }
}

extension BSONWriter {
    mutating func inPlace(_ build: (inout BSONWriter) -> Void) {
        let offset = open()
        build(&self)
        close(offset)
    }
}
