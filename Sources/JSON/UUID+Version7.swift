public import Foundation

extension UUID {
    /// A new time-ordered identifier: version 7 of RFC 9562, 48 bits of Unix milliseconds and 74 random bits.
    public static func v7(at date: Date = Date()) -> UUID {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
        var generator = SystemRandomNumberGenerator()
        let high = generator.next()
        let low = generator.next()
        func byte(_ value: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift) }
        return UUID(
            uuid: (
                byte(milliseconds, 40), byte(milliseconds, 32), byte(milliseconds, 24),
                byte(milliseconds, 16), byte(milliseconds, 8), byte(milliseconds, 0),
                0x70 | byte(high, 0) & 0x0F, byte(high, 8),
                0x80 | byte(high, 16) & 0x3F, byte(low, 0), byte(low, 8), byte(low, 16),
                byte(low, 24), byte(low, 32), byte(low, 40), byte(low, 48)
            ))
    }

    /// The 36 characters of RFC 9562 in lower case, as every answer writes ids.
    public var lowercased: String { String(decoding: lowercasedUTF8, as: UTF8.self) }

    /// The 36 characters in UTF-8.
    var lowercasedUTF8: [UInt8] {
        withUnsafeBytes(of: uuid) { bytes in
            [UInt8](unsafeUninitializedCapacity: 36) { buffer, count in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        buffer[place] = UInt8(ascii: "-")
                        place += 1
                    }
                    buffer[place] = hexDigits[Int(byte >> 4)]
                    buffer[place + 1] = hexDigits[Int(byte & 15)]
                    place += 2
                }
                count = 36
            }
        }
    }

    /// Reads the 8-4-4-4-12 form, in either case, and nothing else.
    public init?(strict text: some StringProtocol) {
        let utf8 = text.utf8
        guard utf8.count == 36 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var high: UInt8?
        for (index, character) in utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
