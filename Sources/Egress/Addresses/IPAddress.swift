import Foundation

/// An internet address, without a zone.
public enum IPAddress: Sendable, Hashable {
    /// Four bytes, the first one on top.
    case v4(UInt32)
    /// Sixteen bytes in two halves.
    case v6(high: UInt64, low: UInt64)

    /// Reads the canonical spellings: four decimal numbers without leading zeros, or RFC 4291 without a zone. The odd
    /// ones that some resolvers take (`127.1`, `0x7f.0.0.1`, `2130706433`) are not addresses here.
    public init?(_ text: String) {
        if let address = Self.v4(text) ?? Self.v6(text) { self = address } else { return nil }
    }

    private static func v4(_ text: String) -> IPAddress? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                part.count == 1 || part.first != UInt8(ascii: "0"),
                let number = UInt8(String(decoding: part, as: UTF8.self))
            else { return nil }
            address = address << 8 | UInt32(number)
        }
        return .v4(address)
    }

    private static func v6(_ text: String) -> IPAddress? {
        guard text.utf8.count <= 45, text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        return withUnsafeBytes(of: &bytes) { v6(bytes: $0) }
    }

    /// The address in sixteen bytes of network order.
    static func v6(bytes: some Collection<UInt8>) -> IPAddress? {
        guard bytes.count == 16 else { return nil }
        let halves = [bytes.prefix(8), bytes.dropFirst(8).prefix(8)].map {
            $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        return .v6(high: halves[0], low: halves[1])
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical spelling.
    public var description: String {
        switch self {
        case .v4(let address):
            return [24, 16, 8, 0].map { String(address >> UInt32($0) & 255) }.joined(separator: ".")
        case .v6(let high, let low):
            var address = in6_addr()
            withUnsafeMutableBytes(of: &address) { bytes in
                for index in 0..<8 {
                    bytes[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - index * 8))
                    bytes[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - index * 8))
                }
            }
            var text = [CChar](repeating: 0, count: 64)
            inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
