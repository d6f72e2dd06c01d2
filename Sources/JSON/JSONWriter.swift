/// A type that writes itself as JSON.
public protocol JSONEncodable {
    /// Appends this value to `writer`.
    func encode(into writer: inout JSONWriter)
}

/// Writes JSON straight into one growing buffer, without intermediate trees.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object { $0.field("id", id); $0.field("name", name) }
/// ```
/// The caller keeps the structure right: fields inside `object`, values inside `array`.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8]
    @usableFromInline var needsComma = false

    /// An empty writer with room for `capacity` bytes.
    public init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    // What is inlinable here is called with many types from other modules.

    /// Writes one value; inside an array, the next element.
    @inlinable public mutating func value(_ value: some JSONEncodable) {
        separate()
        value.encode(into: &self)
        needsComma = true
    }

    /// Writes an object; `body` writes its fields.
    public mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }

    /// Writes an array; `body` writes its values.
    public mutating func array(_ body: (inout JSONWriter) -> Void) { nest("[", "]", body) }

    /// Writes one member of an object. The name is written as it is and must need no escapes.
    @inlinable public mutating func field(_ name: StaticString, _ value: some JSONEncodable) {
        fieldName(name)
        value.encode(into: &self)
        needsComma = true
    }

    /// Writes a member whose value is an object that `body` writes.
    public mutating func field(_ name: StaticString, object body: (inout JSONWriter) -> Void) {
        fieldName(name)
        object(body)
    }

    /// Writes a member whose value is an array that `body` writes.
    public mutating func field(_ name: StaticString, array body: (inout JSONWriter) -> Void) {
        fieldName(name)
        array(body)
    }

    /// Writes one member under a name that may need escapes.
    @inlinable public mutating func field(key: String, _ value: some JSONEncodable) {
        separate()
        key.encode(into: &self)
        writeByte(UInt8(ascii: ":"))
        value.encode(into: &self)
        needsComma = true
    }

    /// Appends JSON text that is known to be right.
    public mutating func raw(_ text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

    @usableFromInline mutating func writeNull() { bytes.append(contentsOf: "null".utf8) }

    @usableFromInline mutating func writeByte(_ byte: UInt8) { bytes.append(byte) }

    /// Writes `count` bytes of text which `write` puts into the buffer.
    mutating func quoted(_ count: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 2) { buffer in
            buffer[0] = UInt8(ascii: "\"")
            write(UnsafeMutableBufferPointer(rebasing: buffer[1...count]))
            buffer[count + 1] = UInt8(ascii: "\"")
            bytes.append(contentsOf: buffer)
        }
    }

    @usableFromInline mutating func fieldName(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func nest(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    /// A comma when something was written before on this level. After a field's name and at the start of a level
    /// nothing is due.
    @usableFromInline mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    mutating func writeString(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            var clean = 0
            for index in utf8.indices {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: utf8[clean..<index])
                writeEscape(byte)
                clean = index + 1
            }
            bytes.append(contentsOf: utf8[clean...])
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private mutating func writeEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexDigit(byte >> 4))
            bytes.append(hexDigit(byte & 15))
        }
    }
}

func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }

extension JSONEncodable {
    /// This value as JSON text in UTF-8.
    @inlinable public var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// This value as JSON text.
    public var encodedString: String { String(decoding: encoded, as: UTF8.self) }
}
