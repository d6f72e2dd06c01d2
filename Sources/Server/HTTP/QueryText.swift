/// The query of an address, in the form that browsers give it (`application/x-www-form-urlencoded`).
enum QueryText {
    /// Names and values in order, decoded.
    ///
    /// - Throws: ``Problem`` naming the parameter whose escapes are broken or are not UTF-8.
    static func items(_ query: Substring?) throws(Problem) -> [(name: String, value: String)] {
        guard let query else { return [] }
        var items: [(name: String, value: String)] = []
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(sides[0]) else { throw .malformed("The query holds a broken escape.") }
            guard let value = decode(sides.count > 1 ? sides[1] : "".utf8[...]) else {
                throw .invalid(name, "format", "must be UTF-8, with escapes such as %20")
            }
            items.append((name, value))
        }
        return items
    }

    private static func decode(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
