public import Foundation
import Synchronization

extension UUID {
    /// A new time-ordered identifier: version 7 of RFC 9562, 48 bits of Unix milliseconds and 74 random bits.
    public static func v7(at date: Date = Date()) -> UUID {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
        let (high, low) = RandomPool.words()
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
    public var lowercased: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            write(into: buffer)
            return 36
        }
    }

    /// Writes the 36 characters in UTF-8.
    func write(into buffer: UnsafeMutableBufferPointer<UInt8>) {
        withUnsafeBytes(of: uuid) { bytes in
            var place = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[place] = UInt8(ascii: "-")
                    place += 1
                }
                buffer[place] = hexDigit(bytes[index] >> 4)
                buffer[place + 1] = hexDigit(bytes[index] & 15)
                place += 2
            }
        }
    }

    /// Reads the 8-4-4-4-12 form, in either case, and nothing else.
    public init?(strict text: some StringProtocol) { self.init(strict: String(text)) }

    /// Reads the 8-4-4-4-12 form, in either case, and nothing else.
    public init?(strict text: String) {
        var text = text
        guard let id = text.withUTF8({ Self.read($0) }) else { return nil }
        self.init(uuid: id)
    }

    private static func read(_ text: UnsafeBufferPointer<UInt8>) -> uuid_t? {
        guard text.count == 36 else { return nil }
        var id: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRight = withUnsafeMutableBytes(of: &id) { bytes in
            var place = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    guard text[place] == UInt8(ascii: "-") else { return false }
                    place += 1
                }
                guard let high = digit(text[place]), let low = digit(text[place + 1]) else { return false }
                bytes[index] = high << 4 | low
                place += 2
            }
            return true
        }
        return isRight ? id : nil
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Random bits of the system, fetched many at a time: a system call for each id costs more than the id.
private enum RandomPool {
    /// As many as the system gives at once.
    private static let size = 256 / MemoryLayout<UInt64>.size
    private static let left = Mutex<[UInt64]>([])

    static func words() -> (UInt64, UInt64) {
        left.withLock { left in
            if left.count < 2 { left = fresh() }
            return (left.removeLast(), left.removeLast())
        }
    }

    private static func fresh() -> [UInt64] {
        var words = [UInt64](repeating: 0, count: size)
        let failed = words.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { getentropy($0, bytes.count) != 0 } ?? true
        }
        guard failed else { return words }
        var generator = SystemRandomNumberGenerator()
        return words.map { _ in generator.next() }
    }
}
