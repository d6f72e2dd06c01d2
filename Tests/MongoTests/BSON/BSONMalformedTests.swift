import Foundation
import Testing

@testable import Mongo

@Suite struct BSONMalformedTests {
    /// Everything that reads: must not trap, whatever the bytes are.
    private func exercise(_ document: BSONDocument) {
        for (key, value) in document {
            _ = (document[key], document.string(key), document.int64(key), document.double(key), document.bool(key))
            _ = (document.uuid(key), document.date(key), document.binary(key), document.objectID(key))
            _ = document.array(key)
            if case .document(let inner) = value { exercise(inner) }
        }
        _ = document["k0"]
        var copy = document
        copy.append("more", 1)
    }

    @Test(
        "Damaged documents never trap; what passes the check can be read to the end", arguments: 0..<16 as Range<UInt64>
    )
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1000)
        for _ in 0..<400 {
            var bytes = generator.document().bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.removeLast(min(bytes.count, place))
                case 1: bytes.insert(.random(in: .min ... .max, using: &generator), at: min(place, bytes.count))
                case 2 where bytes.indices.contains(place):
                    bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement() ?? 0
                case 3 where bytes.indices.contains(place):
                    bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                default: break
                }
            }
            // Half of them claim the right length, to get further into the reader.
            if Bool.random(using: &generator), bytes.count >= 4 {
                withUnsafeBytes(of: Int32(bytes.count).littleEndian) { bytes.replaceSubrange(0..<4, with: $0) }
            }
            exercise(BSONDocument(bytes: bytes))
            guard let valid = try? BSONDocument(validating: bytes) else { continue }
            let last = valid.reduce(into: 0) { count, _ in count += 1 }
            let scanned = bytes.withUnsafeBytes { buffer in
                var scanner = BSONScanner(buffer)
                return sequence(state: 0) { _ in scanner.next() }.reduce(0) { count, _ in count + 1 }
            }
            #expect(last == scanned)
        }
    }

    @Test("Noise never traps", arguments: 0..<8 as Range<UInt64>)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 9000)
        for _ in 0..<1000 {
            let count = Int.random(in: 0...64, using: &generator)
            var bytes = generator.bytes(count)
            if count >= 5 {
                withUnsafeBytes(of: Int32(count).littleEndian) { bytes.replaceSubrange(0..<4, with: $0) }
                bytes[count - 1] = 0
                bytes[4] = UInt8.random(in: 0...0x14, using: &generator)
            }
            exercise(BSONDocument(bytes: bytes))
            _ = try? BSONDocument(validating: bytes)
        }
    }

    static let broken: [(name: String, body: [UInt8], reason: BSONError.Reason)] = [
        ("string longer than the document", [0x02, 97, 0, 100, 0, 0, 0, 98, 0], .bounds),
        ("string of length 0", [0x02, 97, 0, 0, 0, 0, 0], .bounds),
        ("string of negative length", [0x02, 97, 0, 0xFF, 0xFF, 0xFF, 0xFF, 98, 0], .bounds),
        ("string of the longest length", [0x02, 97, 0, 0xFF, 0xFF, 0xFF, 0x7F, 98, 0], .bounds),
        ("string without terminator", [0x02, 97, 0, 2, 0, 0, 0, 98, 99], .bounds),
        ("string that is not UTF-8", [0x02, 97, 0, 2, 0, 0, 0, 0xFF, 0], .text),
        ("string with a surrogate", [0x02, 97, 0, 4, 0, 0, 0, 0xED, 0xA0, 0x80, 0], .text),
        ("key that is not UTF-8", [0x0A, 0xC0, 0x80, 0], .text),
        ("key without end", [0x0A, 97, 97], .bounds),
        ("int64 cut off", [0x12, 97, 0, 1, 2, 3], .bounds),
        ("document of length 4", [0x03, 97, 0, 4, 0, 0, 0], .bounds),
        ("document longer than its parent", [0x03, 97, 0, 50, 0, 0, 0, 0], .bounds),
        ("document without terminator", [0x03, 97, 0, 5, 0, 0, 0, 1], .length),
        ("binary of negative length", [0x05, 97, 0, 0xFB, 0xFF, 0xFF, 0xFF, 0], .bounds),
        ("binary longer than the document", [0x05, 97, 0, 9, 0, 0, 0, 0, 1], .bounds),
        ("boolean 2", [0x08, 97, 0, 2], .bool),
        ("regex without end", [0x0B, 97, 0, 98, 98], .bounds),
        ("unknown type", [0x20, 97, 0], .type),
        ("deprecated code with scope", [0x0F, 97, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0], .type),
    ]

    @Test("Each broken rule is found and named", arguments: broken)
    func rules(name: String, body: [UInt8], reason: BSONError.Reason) {
        let bytes = withUnsafeBytes(of: Int32(body.count + 5).littleEndian, Array.init) + body + [0]
        let error = #expect(throws: BSONError.self) { try BSONDocument(validating: bytes) }
        #expect(error?.reason == reason)
        exercise(BSONDocument(bytes: bytes))
    }

    @Test(
        "A document must have its exact length",
        arguments: [[], [5, 0, 0, 0], [6, 0, 0, 0, 0], [5, 0, 0, 0, 1], [5, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0]]
            as [[UInt8]])
    func lengths(bytes: [UInt8]) {
        #expect(throws: BSONError(reason: .length, offset: 0)) { try BSONDocument(validating: bytes) }
        exercise(BSONDocument(bytes: bytes))
    }

    private func nested(_ levels: Int, type: UInt8) -> [UInt8] {
        // Inside out would be quadratic: the lengths are known beforehand.
        let wrapper = 4 + 3 + 1
        var bytes: [UInt8] = []
        for level in 0..<levels {
            let length = 5 + (levels - 1 - level) * wrapper
            withUnsafeBytes(of: Int32(length).littleEndian) { bytes.append(contentsOf: $0) }
            if level < levels - 1 { bytes.append(contentsOf: [type, 48, 0]) }
        }
        return bytes + [UInt8](repeating: 0, count: levels)
    }

    @Test("Nesting is accepted up to the limit and refused beyond, however deep", arguments: [0x03, 0x04] as [UInt8])
    func depth(type: UInt8) throws {
        #expect(try BSONDocument(validating: nested(100, type: type)).isWellFormed)
        for levels in [101, 200_000] {
            let error = #expect(throws: BSONError.self) { try BSONDocument(validating: nested(levels, type: type)) }
            #expect(error?.reason == .depth)
            let document = BSONDocument(bytes: nested(levels, type: type))
            #expect(type == 0x03 || levels == 101 || document["0"] == nil)
            _ = Array(document)
        }
        #expect(throws: BSONError.self) { try BSONDocument(validating: nested(4, type: type), maximumDepth: 3) }
    }
}
