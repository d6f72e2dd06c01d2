import Foundation
import Mongo

/// SplitMix64: the same numbers for the same seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func text() -> String {
        let alphabet = Array("abc \u{0}äß漢😀\"\\$.")
        return String(
            (0..<Int.random(in: 0...12, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "x" })
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: .min ... .max, using: &self) } }

    mutating func value(depth: Int) -> BSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 18 : 16), using: &self) {
        case 0: .double(Double(bitPattern: next() & 0xBFFF_FFFF_FFFF_FFFF))
        case 1: .string(text())
        case 2: .binary(bytes(Int.random(in: 0...20, using: &self)))
        case 3:
            .uuid(
                UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, UInt8.random(in: 0...255, using: &self)))
            )
        case 4: .objectID(BSONObjectID(bytes: bytes(12)) ?? BSONObjectID())
        case 5: .bool(Bool.random(using: &self))
        case 6:
            .date(
                Date(
                    timeIntervalSince1970: Double(
                        Int64.random(in: -1_000_000_000_000...4_000_000_000_000, using: &self)) / 1000))
        case 7: .null
        case 8: .regex(pattern: "^a.*\(Int.random(in: 0...9, using: &self))", options: "im")
        case 9: .int32(Int32.random(in: .min ... .max, using: &self))
        case 10: .int64(Int64.random(in: .min ... .max, using: &self))
        case 11: .timestamp(next())
        case 12: .decimal128(low: next(), high: next())
        case 13: .minKey
        case 14: .maxKey
        case 15: .other(type: 0x05, bytes: [2, 0, 0, 0, 0x80, 7, 8])
        case 16: .document(document(depth: depth - 1))
        default: .array((0..<Int.random(in: 0...12, using: &self)).map { _ in value(depth: depth - 1) })
        }
    }

    mutating func document(depth: Int = 4) -> BSONDocument {
        let elements = (0..<Int.random(in: 0...6, using: &self)).map { index in
            ("k\(index)" + text().replacingOccurrences(of: "\u{0}", with: ""), value(depth: depth))
        }
        return BSONDocument(elements)
    }
}
