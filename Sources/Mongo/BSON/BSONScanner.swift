import Foundation

/// One element as positions inside its document: nothing is decoded or copied yet.
struct BSONElement {
    let type: UInt8
    let key: Range<Int>
    let value: Range<Int>
}

/// Steps over the elements of one document. Every position is checked before it is read, so bytes of any origin
/// are safe: a scan ends early with `problem` set, it never traps.
struct BSONScanner {
    let bytes: UnsafeRawBufferPointer
    private(set) var problem: BSONError?
    private var offset: Int
    /// Position of the document's terminator: the end of what an element may use.
    private let end: Int

    /// - Parameter offset: where an element starts, as a scan of the same bytes found it; the first one by default.
    init(_ bytes: UnsafeRawBufferPointer, resumingAt offset: Int = 4) {
        self.bytes = bytes
        self.offset = offset
        self.end = bytes.count - 1
        if bytes.count < BSONLimit.emptyBytes || Int(Self.int32(bytes, at: 0)) != bytes.count || bytes[end] != 0 {
            problem = BSONError(reason: .length, offset: 0)
        }
    }

    /// The next element; `nil` at the end or at the first malformed byte.
    mutating func next() -> BSONElement? {
        guard problem == nil, offset < end else { return nil }
        let type = bytes[offset]
        guard let keyEnd = terminator(from: offset + 1) else { return fail(.bounds) }
        let key = (offset + 1)..<keyEnd
        let start = keyEnd + 1
        switch size(of: type, at: start) {
        case .bytes(let count) where count <= end - start:
            offset = start + count
            return BSONElement(type: type, key: key, value: start..<offset)
        case .bytes, .malformed: return fail(.bounds)
        case .unknownType: return fail(.type)
        }
    }

    private mutating func fail(_ reason: BSONError.Reason) -> BSONElement? {
        problem = BSONError(reason: reason, offset: offset)
        return nil
    }

    private enum Size {
        case bytes(Int)
        case malformed
        case unknownType
    }

    private func size(of type: UInt8, at start: Int) -> Size {
        switch type {
        case BSONType.null, BSONType.undefined, BSONType.minKey, BSONType.maxKey: .bytes(0)
        case BSONType.bool: .bytes(1)
        case BSONType.int32: .bytes(4)
        case BSONType.double, BSONType.date, BSONType.timestamp, BSONType.int64: .bytes(8)
        case BSONType.objectID: .bytes(12)
        case BSONType.decimal128: .bytes(16)
        case BSONType.string, BSONType.code, BSONType.symbol: string(at: start, extra: 0)
        case BSONType.dbPointer: string(at: start, extra: 12)
        case BSONType.document, BSONType.array: counted(at: start, minimum: BSONLimit.emptyBytes, added: 0)
        case BSONType.binary: counted(at: start, minimum: 0, added: 5)
        case BSONType.codeWithScope: counted(at: start, minimum: 14, added: 0)
        case BSONType.regex: regex(at: start)
        default: .unknownType
        }
    }

    /// A value that starts with its length as an int32; `added` is what the length does not count.
    private func counted(at start: Int, minimum: Int, added: Int) -> Size {
        guard end - start >= 4 else { return .malformed }
        let count = Int(Self.int32(bytes, at: start))
        return count >= minimum ? .bytes(count + added) : .malformed
    }

    private func string(at start: Int, extra: Int) -> Size {
        guard case .bytes(let count) = counted(at: start, minimum: 1, added: 4), count <= end - start,
            bytes[start + count - 1] == 0
        else { return .malformed }
        return .bytes(count + extra)
    }

    private func regex(at start: Int) -> Size {
        guard let pattern = terminator(from: start), let options = terminator(from: pattern + 1) else {
            return .malformed
        }
        return .bytes(options + 1 - start)
    }

    /// Position of the next NUL before the document's own terminator.
    func terminator(from start: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, 0, end - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }

    static func int32(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    }

    static func int64(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
        Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    }
}
