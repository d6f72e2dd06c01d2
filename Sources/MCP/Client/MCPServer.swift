/// Where an MCP server is and how we show who we are.
public struct MCPServer: Sendable {
    /// The endpoint. `EgressRules` are applied to it with every request.
    public var url: String
    /// Header fields that carry the secret.
    public var credentials: [(name: String, value: String)]
    /// How long a call may take while the server tells of no progress.
    public var timeout: Duration

    /// How long a call may take in all, whatever progress the server tells of.
    public var longest = MCPServer.longestCall

    /// What ``longest`` is without another word.
    public static let longestCall = Duration.seconds(60)

    /// A server.
    public init(url: String, credentials: [(name: String, value: String)] = [], timeout: Duration = .seconds(20)) {
        self.url = url
        self.credentials = credentials
        self.timeout = timeout
    }
}

/// Which generation of the protocol a server speaks.
public enum MCPEra: String, Sendable, Hashable, CaseIterable {
    /// Not tried yet.
    case unknown
    /// 2026-07-28 and later: every request stands for itself.
    case modern
    /// 2025-03-26 to 2025-11-25: a handshake, and perhaps a session.
    case legacy
}

/// What is known about the talk with one server. Keep it between calls; losing it costs a handshake.
public struct MCPConnection: Sendable, Hashable {
    /// The generation of the protocol.
    public var era: MCPEra
    /// The version that was agreed on.
    public var version: String?
    /// The server's session, when it has one.
    var session: String?
    /// Whether the handshake of the legacy era was done.
    var isInitialized = false

    /// A talk that is to begin with a server of this era.
    public init(era: MCPEra = .unknown, version: String? = nil) {
        self.era = era
        self.version = version
    }

    /// Begins anew.
    mutating func reset(to era: MCPEra) { self = MCPConnection(era: era) }
}

/// The versions that we speak.
enum MCPVersions {
    static let modern = "2026-07-28"
    static let legacy = ["2025-11-25", "2025-06-18", "2025-03-26"]
}
