/// What kind of network an address belongs to. Only ``public`` ones are reached without the operator's word.
public enum AddressClass: String, Sendable, Hashable, CaseIterable {
    /// On the open internet.
    case `public`
    /// This machine.
    case loopback
    /// RFC 1918.
    case `private`
    /// One link only, cloud metadata services among it.
    case linkLocal
    /// RFC 4193, and the site-local addresses before it.
    case uniqueLocal
    /// RFC 6598.
    case carrierGrade
    /// One to many.
    case multicast
    /// No address, or "this network".
    case unspecified
    /// An IPv4 address inside an IPv6 one: mapped, compatible, 6to4, Teredo, NAT64.
    case embedded
    /// Documentation, benchmarks, protocol assignments, and what nobody has been given.
    case reserved
}

extension IPAddress {
    /// The kind of network it belongs to, by IANA's registries of special-purpose addresses.
    public var addressClass: AddressClass {
        switch self {
        case .v4(let address): Self.classify(address)
        case .v6(let high, let low): Self.classify(high, low)
        }
    }

    private struct V4Block {
        let network: UInt32
        let bits: UInt32
        let kind: AddressClass

        init(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ bits: UInt32, _ kind: AddressClass) {
            network = a << 24 | b << 16 | c << 8
            self.bits = bits
            self.kind = kind
        }
    }

    private static let blocks: [V4Block] = [
        V4Block(0, 0, 0, 8, .unspecified), V4Block(10, 0, 0, 8, .private), V4Block(100, 64, 0, 10, .carrierGrade),
        V4Block(127, 0, 0, 8, .loopback), V4Block(169, 254, 0, 16, .linkLocal), V4Block(172, 16, 0, 12, .private),
        V4Block(192, 0, 0, 24, .reserved), V4Block(192, 0, 2, 24, .reserved), V4Block(192, 88, 99, 24, .embedded),
        V4Block(192, 168, 0, 16, .private), V4Block(198, 18, 0, 15, .reserved), V4Block(198, 51, 100, 24, .reserved),
        V4Block(203, 0, 113, 24, .reserved), V4Block(224, 0, 0, 4, .multicast), V4Block(240, 0, 0, 4, .reserved),
    ]

    private static func classify(_ address: UInt32) -> AddressClass {
        blocks.first { (address ^ $0.network) >> (32 - $0.bits) == 0 }?.kind ?? .public
    }

    private static func classify(_ high: UInt64, _ low: UInt64) -> AddressClass {
        if high == 0 {
            switch low {
            case 0: return .unspecified
            case 1: return .loopback
            // ::/96 (compatible), ::ffff:0:0/96 (mapped), ::ffff:0:0:0/96 (translated)
            case _ where low >> 32 == 0 || low >> 32 == 0xFFFF || low >> 32 == 0xFFFF_0000: return .embedded
            default: return .reserved
            }
        }
        // 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), 2002::/16 (6to4), 2001::/32 (Teredo)
        if high >> 16 == 0x0064_FF9B_0001 || high == 0x0064_FF9B_0000_0000 { return .embedded }
        if high >> 48 == 0x2002 || high >> 32 == 0x2001_0000 { return .embedded }
        switch high >> 56 {
        case 0xFF: return .multicast
        case 0xFC, 0xFD: return .uniqueLocal
        case 0xFE where high >> 54 & 3 == 2: return .linkLocal
        case 0xFE where high >> 54 & 3 == 3: return .uniqueLocal
        default: break
        }
        // What is given out lies in 2000::/3; of that 2001::/23 is for protocols, 2001:db8::/32 and 3fff::/20 for books.
        guard high >> 61 == 1, high >> 41 != 0x2001_0000 >> 9, high >> 32 != 0x2001_0DB8, high >> 44 != 0x3FFF0 else {
            return .reserved
        }
        return .public
    }
}
