import FoundationEssentials
import NIOCore

/// Where Redis is, who we are there, and the limits of a client.
public struct RedisConfiguration: Sendable {
    /// Name or address of the server.
    public var host: String
    /// TCP port.
    public var port: Int
    /// ACL user, nil for the default one.
    public var username: String?
    /// Password of the user, nil for none.
    public var password: String?
    /// Number of the database.
    public var database = 0
    /// Whether the connection is encrypted and the server's certificate verified.
    public var tls: Bool
    /// PEM file with the certificates to trust, instead of those of the system.
    public var caFile: String?
    /// Shown by `CLIENT LIST`: printable ASCII without spaces.
    public var clientName = "switchboard"
    /// How long a command may take from its queueing to its reply. Passing it closes the connection.
    public var commandTimeout = Duration.seconds(1)
    /// How long the TCP connect, and then TLS with the greeting, may take each.
    public var connectTimeout = Duration.seconds(2)
    /// How many commands may wait for their replies, on each connection.
    public var maxPendingCommands = 16_384
    /// How many bytes the commands that wait for their replies may have together, on each connection.
    public var maxPendingBytes = 64 << 20
    /// How many bytes one reply may have.
    public var maxReplyBytes = 64 << 20

    /// A server without encryption or password.
    public init(host: String = "127.0.0.1", port: Int = 6379) {
        self.host = host
        self.port = port
        tls = false
    }

    /// Reads `redis[s]://[[user]:password@]host[:port][/database][?ca=file&name=client]`, everything
    /// percent-encoded where needed.
    /// - Throws: ``RedisError/configuration(_:)``, which says what is wrong without telling the URL.
    public init(url: String) throws(RedisError) {
        guard let parts = URLComponents(string: url, encodingInvalidCharacters: false) else {
            throw .configuration("this is not a URL (special characters of the password must be percent-encoded)")
        }
        switch parts.scheme?.lowercased() {
        case "redis": tls = false
        case "rediss": tls = true
        default: throw .configuration("the URL must begin with redis:// or rediss://")
        }
        guard let host = parts.host, !host.isEmpty else { throw .configuration("the URL has no host") }
        self.host = host.first == "[" ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? 6379
        guard (1...65_535).contains(port) else { throw .configuration("the port must be 1 to 65535") }
        guard parts.fragment == nil else { throw .configuration("the URL has a '#', which must be written %23") }
        try readUser(parts)
        try readDatabase(parts.path)
        for item in parts.queryItems ?? [] { try readOption(item) }
    }

    /// The name a certificate is checked for; nil when the host is an address, which is checked itself.
    var tlsServerName: String? {
        (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
    }

    private mutating func readUser(_ parts: URLComponents) throws(RedisError) {
        username = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password
        if username != nil, password == nil { throw .configuration("the URL has a user but no password") }
    }

    private mutating func readDatabase(_ path: String) throws(RedisError) {
        let text = path.drop { $0 == "/" }
        guard !text.isEmpty else { return }
        guard let number = Int(text), number >= 0 else {
            throw .configuration("the path of the URL must be the number of a database")
        }
        database = number
    }

    private mutating func readOption(_ item: URLQueryItem) throws(RedisError) {
        switch (item.name, item.value ?? "") {
        case ("ca", let file):
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw .configuration("the CA file \(file) cannot be read")
            }
            caFile = file
        case ("name", let name):
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw .configuration("the client name must be printable ASCII without spaces")
            }
            clientName = name
        default:
            throw .configuration("the URL has an unknown option '\(item.name)'; known are ca and name")
        }
    }
}
