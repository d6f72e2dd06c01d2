import Foundation

// Decoding of one element whose bounds the scanner has checked. `nil` means malformed or of another type.
extension BSONElement {
    func key(in bytes: UnsafeRawBufferPointer) -> String? {
        String(validating: bytes[key], as: UTF8.self)
    }

    func string(in bytes: UnsafeRawBufferPointer) -> String? {
        guard type == BSONType.string else { return nil }
        return String(validating: bytes[(value.lowerBound + 4)..<(value.upperBound - 1)], as: UTF8.self)
    }

    func int64(in bytes: UnsafeRawBufferPointer) -> Int64? {
        switch type {
        case BSONType.int64: BSONScanner.int64(bytes, at: value.lowerBound)
        case BSONType.int32: Int64(BSONScanner.int32(bytes, at: value.lowerBound))
        case BSONType.double: double(in: bytes).flatMap(Int64.init(exactly:))
        default: nil
        }
    }

    func double(in bytes: UnsafeRawBufferPointer) -> Double? {
        switch type {
        case BSONType.double: Double(bitPattern: UInt64(bitPattern: BSONScanner.int64(bytes, at: value.lowerBound)))
        case BSONType.int32: Double(BSONScanner.int32(bytes, at: value.lowerBound))
        case BSONType.int64: Double(BSONScanner.int64(bytes, at: value.lowerBound))
        default: nil
        }
    }

    func bool(in bytes: UnsafeRawBufferPointer) -> Bool? {
        guard type == BSONType.bool, bytes[value.lowerBound] <= 1 else { return nil }
        return bytes[value.lowerBound] == 1
    }

    func date(in bytes: UnsafeRawBufferPointer) -> Date? {
        guard type == BSONType.date else { return nil }
        return Date(timeIntervalSince1970: Double(BSONScanner.int64(bytes, at: value.lowerBound)) / 1000)
    }

    func uuid(in bytes: UnsafeRawBufferPointer) -> UUID? {
        guard type == BSONType.binary, value.count == 21, bytes[value.lowerBound + 4] == BSONBinary.uuid else {
            return nil
        }
        return UUID(uuid: bytes.loadUnaligned(fromByteOffset: value.lowerBound + 5, as: uuid_t.self))
    }

    func binary(in bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard type == BSONType.binary, bytes[value.lowerBound + 4] == BSONBinary.generic else { return nil }
        return Array(bytes[(value.lowerBound + 5)..<value.upperBound])
    }

    func document(in bytes: UnsafeRawBufferPointer) -> BSONDocument? {
        guard type == BSONType.document else { return nil }
        return BSONDocument(bytes: Array(bytes[value]))
    }

    func objectID(in bytes: UnsafeRawBufferPointer) -> BSONObjectID? {
        guard type == BSONType.objectID else { return nil }
        return BSONObjectID(bytes: Array(bytes[value]))
    }

    func array(in bytes: UnsafeRawBufferPointer, depth: Int) -> [BSONValue]? {
        guard type == BSONType.array, depth < BSONLimit.depth else { return nil }
        let inner = UnsafeRawBufferPointer(rebasing: bytes[value])
        var scanner = BSONScanner(inner)
        var values: [BSONValue] = []
        while let element = scanner.next() {
            guard let value = element.value(in: inner, depth: depth + 1) else { return nil }
            values.append(value)
        }
        return scanner.problem == nil ? values : nil
    }

    func value(in bytes: UnsafeRawBufferPointer, depth: Int = 0) -> BSONValue? {
        switch type {
        case BSONType.string: string(in: bytes).map(BSONValue.string)
        case BSONType.int32: .int32(BSONScanner.int32(bytes, at: value.lowerBound))
        case BSONType.int64: .int64(BSONScanner.int64(bytes, at: value.lowerBound))
        case BSONType.double: double(in: bytes).map(BSONValue.double)
        case BSONType.bool: bool(in: bytes).map(BSONValue.bool)
        case BSONType.date: date(in: bytes).map(BSONValue.date)
        case BSONType.null: .null
        case BSONType.document: document(in: bytes).map(BSONValue.document)
        case BSONType.array: array(in: bytes, depth: depth).map(BSONValue.array)
        case BSONType.binary:
            uuid(in: bytes).map(BSONValue.uuid) ?? binary(in: bytes).map(BSONValue.binary) ?? other(in: bytes)
        case BSONType.objectID: objectID(in: bytes).map(BSONValue.objectID)
        case BSONType.regex: regex(in: bytes)
        case BSONType.timestamp: .timestamp(UInt64(bitPattern: BSONScanner.int64(bytes, at: value.lowerBound)))
        case BSONType.decimal128:
            .decimal128(
                low: UInt64(bitPattern: BSONScanner.int64(bytes, at: value.lowerBound)),
                high: UInt64(bitPattern: BSONScanner.int64(bytes, at: value.lowerBound + 8)))
        case BSONType.minKey: .minKey
        case BSONType.maxKey: .maxKey
        default: other(in: bytes)
        }
    }

    private func other(in bytes: UnsafeRawBufferPointer) -> BSONValue {
        .other(type: type, bytes: Array(bytes[value]))
    }

    private func regex(in bytes: UnsafeRawBufferPointer) -> BSONValue? {
        guard let split = bytes[value].firstIndex(of: 0),
            let pattern = String(validating: bytes[value.lowerBound..<split], as: UTF8.self),
            let options = String(validating: bytes[(split + 1)..<(value.upperBound - 1)], as: UTF8.self)
        else { return nil }
        return .regex(pattern: pattern, options: options)
    }
}

/// Subtypes of binary values.
enum BSONBinary {
    static let generic: UInt8 = 0
    static let uuid: UInt8 = 4
}
