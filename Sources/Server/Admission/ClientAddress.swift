import Foundation
import HTTPTypes
import NIOCore

/// Finds out which address a request comes from.
struct ClientAddress: Sendable {
    /// A network such as `10.0.0.0/8`, or one address.
    struct Network: Sendable {
        private let bytes: [UInt8]
        private let prefix: Int

        init?(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            guard let first = parts.first, let bytes = ClientAddress.bytes(first) else { return nil }
            let width = bytes.count * 8
            guard let prefix = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(prefix) else {
                return nil
            }
            self.bytes = bytes
            self.prefix = prefix
        }

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == bytes.count else { return false }
            for bit in 0..<prefix where (address[bit / 8] ^ bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) != 0 {
                return false
            }
            return true
        }
    }

    let trusted: [Network]

    /// The caller's address: the peer, or, when the peer is a trusted proxy, the last address in `X-Forwarded-For`
    /// that is not a trusted proxy itself. What stands before it could have been written by anybody.
    func of(peer: SocketAddress?, headers: RequestHeaders) -> String {
        guard let peer = peer?.ipAddress else { return "unknown" }
        guard !trusted.isEmpty, isTrusted(peer) else { return peer }
        let hops = headers[values: .forwardedFor].joined(separator: ",").split(separator: ",")
        for hop in hops.reversed().prefix(20) {
            let address = hop.trimmingCharacters(in: .whitespaces)
            guard Self.bytes(address) != nil else { return peer }
            if !isTrusted(address) { return address }
        }
        return peer
    }

    private func isTrusted(_ address: String) -> Bool {
        guard let bytes = Self.bytes(address) else { return false }
        return trusted.contains { $0.contains(bytes) }
    }

    /// The 4 or 16 bytes of an address; IPv4 written as IPv6 counts as IPv4.
    static func bytes(_ address: String) -> [UInt8]? {
        var v4 = in_addr()
        if inet_pton(AF_INET, address, &v4) == 1 { return withUnsafeBytes(of: &v4) { Array($0) } }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &v6) { Array($0) }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    /// What an address is limited by: an IPv6 customer has a whole /64.
    static func limitKey(_ address: String) -> String {
        guard let bytes = bytes(address), bytes.count == 16 else { return address }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}
