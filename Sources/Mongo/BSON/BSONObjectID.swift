import Foundation
import Synchronization

/// A 12-byte object id: seconds, five random bytes of this process, a counter.
public struct BSONObjectID: Sendable, Hashable, CustomStringConvertible {
    private let head: UInt64
    private let tail: UInt32

    private static let process = UInt64.random(in: 0..<(1 << 40))
    private static let counter = Atomic<UInt32>(.random(in: 0..<(1 << 24)))

    /// A new id, unique across processes for all practical purposes.
    public init() {
        let seconds = UInt64(UInt32(truncatingIfNeeded: Int64(Date().timeIntervalSince1970)))
        let count = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        head = seconds << 32 | Self.process >> 8
        tail = UInt32(truncatingIfNeeded: Self.process & 0xFF) << 24 | count & 0xFF_FFFF
    }

    /// The id in exactly 12 bytes, `nil` for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 12 else { return nil }
        head = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        tail = bytes[8...].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The 12 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: head.bigEndian, Array.init) + withUnsafeBytes(of: tail.bigEndian, Array.init)
    }

    /// 24 lower-case hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
