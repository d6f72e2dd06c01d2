import Foundation

// Typed look-ups: a linear scan that decodes one element. `nil` means absent, of another type, or malformed.
extension BSONDocument {
    /// The value of the first element with this key.
    public subscript(key: String) -> BSONValue? { find(key) { $0.value(in: $1) } }

    /// The text at `key`.
    public func string(_ key: String) -> String? { find(key) { $0.string(in: $1) } }

    /// The whole number at `key`: an integer of either width, or a double without a fraction.
    public func int64(_ key: String) -> Int64? { find(key) { $0.int64(in: $1) } }

    /// The whole number at `key`, as ``int64(_:)``.
    public func int(_ key: String) -> Int? { int64(key).flatMap(Int.init(exactly:)) }

    /// The number at `key`, whatever its numeric type.
    public func double(_ key: String) -> Double? { find(key) { $0.double(in: $1) } }

    /// The boolean at `key`.
    public func bool(_ key: String) -> Bool? { find(key) { $0.bool(in: $1) } }

    /// The UUID at `key` (binary subtype 4).
    public func uuid(_ key: String) -> UUID? { find(key) { $0.uuid(in: $1) } }

    /// The point in time at `key`.
    public func date(_ key: String) -> Date? { find(key) { $0.date(in: $1) } }

    /// The nested document at `key` (an array is not one).
    public func document(_ key: String) -> BSONDocument? { find(key) { $0.document(in: $1) } }

    /// The array at `key`.
    public func array(_ key: String) -> [BSONValue]? { find(key) { $0.array(in: $1, depth: 0) } }

    /// The bytes at `key` (binary subtype 0).
    public func binary(_ key: String) -> [UInt8]? { find(key) { $0.binary(in: $1) } }

    /// The object id at `key`.
    public func objectID(_ key: String) -> BSONObjectID? { find(key) { $0.objectID(in: $1) } }

    /// Whether there is an element with this key, `null` included.
    public func contains(_ key: String) -> Bool { find(key) { _, _ in true } ?? false }

    /// Whether the element is there and `null`.
    public func isNull(_ key: String) -> Bool { find(key) { element, _ in element.type == BSONType.null } ?? false }

    private func find<Value>(
        _ key: String, _ decode: (BSONElement, UnsafeRawBufferPointer) -> Value?
    ) -> Value? {
        var key = key
        return key.withUTF8 { wanted in
            bytes.withUnsafeBytes { buffer in
                var scanner = BSONScanner(buffer)
                while let element = scanner.next() {
                    if element.key.count == wanted.count, Self.equal(buffer, element.key, wanted) {
                        return decode(element, buffer)
                    }
                }
                return nil
            }
        }
    }

    private static func equal(
        _ buffer: UnsafeRawBufferPointer, _ range: Range<Int>, _ wanted: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let left = buffer.baseAddress, let right = wanted.baseAddress else { return range.isEmpty }
        return memcmp(left + range.lowerBound, right, range.count) == 0
    }
}
