/// The host of an address: a name in lower case, or a literal address.
enum EgressHost: Sendable, Hashable {
    case name(String)
    case literal(IPAddress)

    /// As it stands in an address, IPv6 in brackets.
    var text: String {
        switch self {
        case .name(let name): name
        case .literal(.v4(let address)): "\(IPAddress.v4(address))"
        case .literal(let address): "[\(address)]"
        }
    }

    /// Reads a host as it stands in an address.
    /// - Throws: ``EgressError`` of code `refused`.
    init(_ text: some StringProtocol) throws(EgressError) {
        let text = text.lowercased()
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), let address = IPAddress(String(text.dropFirst().dropLast())),
                case .v6 = address
            else { throw EgressError(.refused, "what stands in brackets must be an IPv6 address without a zone") }
            self = .literal(address)
            return
        }
        if let address = IPAddress(text), case .v4 = address {
            self = .literal(address)
            return
        }
        guard Self.isName(text) else {
            throw EgressError(
                .refused,
                "the host must be a name of letters, digits and hyphens without a dot at its end, or an address")
        }
        self = .name(text)
    }

    /// A name as DNS has them. One whose last label could be read as a number is an odd spelling of an IPv4 address
    /// to some resolvers, and no name.
    private static func isName(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(isLabel), let last = labels.last else { return false }
        let isNumber = last.allSatisfy { (0x30...0x39).contains($0) }
        return !isNumber && !last.starts(with: "0x".utf8)
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// A name that belongs to a network of somebody's own: without a dot, or under a name set apart for that.
    var isLocalName: Bool {
        guard case .name(let name) = self else { return false }
        let suffixes = [
            ".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".corp", ".home", ".home.arpa",
            ".private", ".onion",
        ]
        return !name.contains(".") || suffixes.contains { name.hasSuffix($0) }
    }
}
