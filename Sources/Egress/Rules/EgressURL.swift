/// An address that was read strictly: what is not spelled in the one obvious way is not an address. So no two parsers
/// can understand it differently.
public struct EgressURL: Sendable, Hashable {
    /// The longest text that is read, in bytes.
    public static let longest = 2_000

    /// Whether the connection is encrypted.
    public let isSecure: Bool
    let host: EgressHost
    /// The port, given or the scheme's own.
    public let port: Int
    /// Path and query, beginning with a slash.
    public let path: String

    /// The host as it stands in the address.
    public var hostText: String { host.text }

    /// The address in its canonical spelling.
    public var text: String {
        let standard = port == (isSecure ? 443 : 80)
        return "\(isSecure ? "https" : "http")://\(host.text)\(standard ? "" : ":\(port)")\(path)"
    }

    /// Reads an address.
    /// - Throws: ``EgressError`` of code `refused` that says what is wrong.
    public init(_ text: String) throws(EgressError) {
        func fault(_ message: String) -> EgressError { EgressError(.refused, message) }
        guard (1...Self.longest).contains(text.utf8.count) else {
            throw fault("an address has 1 to \(Self.longest) characters")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !#"\<>"^`{|}"#.utf8.contains($0) }) else {
            throw fault(
                "an address has no spaces, backslashes or letters beyond ASCII; names of other alphabets begin with xn--"
            )
        }
        guard !text.contains("#") else { throw fault("the address must not have a fragment (#)") }
        guard let mark = text.range(of: "://") else { throw fault("the address must begin with https://") }
        switch text[..<mark.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw fault("the address must begin with https://")
        }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw fault("the address must not hold a user name or password") }
        guard !authority.contains("%") else { throw fault("the host must not be percent-encoded") }
        let hostEnd: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else {
                throw fault("a bracket is missing after the host")
            }
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        host = try EgressHost(authority[..<hostEnd])
        port = try Self.port(authority[hostEnd...]) ?? (isSecure ? 443 : 80)
        path = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
        guard Self.escapesAreWhole(path) else {
            throw fault("a percent sign must be followed by two hexadecimal digits")
        }
    }

    /// The port after a host: nothing, or a colon and a number without leading zeros.
    private static func port(_ text: Substring) throws(EgressError) -> Int? {
        guard !text.isEmpty else { return nil }
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), (1...5).contains(digits.utf8.count), !digits.hasPrefix("0"),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), port <= 65_535
        else { throw EgressError(.refused, "the port must be a number from 1 to 65535") }
        return port
    }

    private static func escapesAreWhole(_ text: String) -> Bool {
        text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            part.count >= 2 && part.prefix(2).allSatisfy(\.isHexDigit)
        }
    }
}
