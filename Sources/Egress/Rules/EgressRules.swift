/// Where Switchboard connects to when somebody else gave the address: a company's MCP server, its webhook, its language
/// model. https on port 443, no credentials, nothing but the open internet; the operator may allow single other places.
public struct EgressRules: Sendable, Hashable {
    private struct Place: Sendable, Hashable {
        let host: EgressHost
        /// `nil` for every port.
        let port: Int?
    }

    private let allowed: Set<Place>

    /// The rules without an exception.
    public static let strict = EgressRules()

    private init() { allowed = [] }

    /// The rules with places the operator vouches for, by whatever address they resolve to, with https or http.
    /// - Parameter entries: `host:port`, `host:*` for every port; IPv6 addresses in brackets. For instance
    ///   `127.0.0.1:9000`, `ollama:11434`, `[::1]:*`.
    /// - Throws: ``EgressError`` naming the first entry that cannot be read.
    public init(allowing entries: [String]) throws(EgressError) {
        var places: Set<Place> = []
        for entry in entries {
            let fault = EgressError(.refused, "\"\(entry)\" is not host:port, such as 127.0.0.1:9000 or ollama:*")
            guard let colon = entry.lastIndex(of: ":"), let host = try? EgressHost(entry[..<colon]) else { throw fault }
            let text = entry[entry.index(after: colon)...]
            let port = Int(text)
            guard text == "*" || port.map((1...65_535).contains) == true else { throw fault }
            places.insert(Place(host: host, port: port))
        }
        allowed = places
    }

    /// Reads an address and checks all that can be known without a look-up. It is the check for saving an address;
    /// every request checks again, with the addresses that the name has by then.
    /// - Throws: ``EgressError`` of code `refused` that says what is wrong.
    public func check(_ text: String) throws(EgressError) -> EgressURL {
        let url = try EgressURL(text)
        if isAllowed(url) { return url }
        guard url.isSecure else { throw EgressError(.refused, "the address must begin with https://") }
        guard url.port == 443 else { throw EgressError(.refused, "the port must be 443") }
        if case .literal(let address) = url.host { try check(address) }
        guard !url.host.isLocalName else { throw Self.notPublic }
        return url
    }

    /// The address to connect to among those that a name has. One that is not public spoils all: a name that points
    /// inside and outside is a trap.
    func choose(among addresses: [IPAddress], for url: EgressURL) throws(EgressError) -> IPAddress {
        if !isAllowed(url) { for address in addresses { try check(address) } }
        let isV4: (IPAddress) -> Bool = { if case .v4 = $0 { true } else { false } }
        guard let chosen = addresses.first(where: isV4) ?? addresses.first else {
            throw EgressError(.unresolvable, "the host has no address")
        }
        return chosen
    }

    private func isAllowed(_ url: EgressURL) -> Bool {
        allowed.contains(Place(host: url.host, port: url.port)) || allowed.contains(Place(host: url.host, port: nil))
    }

    private func check(_ address: IPAddress) throws(EgressError) {
        guard address.addressClass == .public else { throw Self.notPublic }
    }

    private static let notPublic = EgressError(.refused, "the host must be on the public internet")
}
