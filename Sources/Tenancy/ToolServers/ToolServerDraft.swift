import Egress

/// What a caller says about an MCP server.
public struct ToolServerDraft: Sendable, Hashable {
    /// The name, 1 to 200 characters.
    public var name: String
    /// 1 to 10 lower-case letters, digits and hyphens, a letter first; unique in the company.
    public var slug: String
    /// The endpoint, as `EgressRules` allow it.
    public var url: String
    /// How Switchboard shows who it is.
    public var authentication: ToolServer.Authentication
    /// The secret for that, 1 to 4,096 visible ASCII characters; `nil` keeps the one that is stored.
    public var secret: String?
    /// Whether what it says of its tools is believed.
    public var trusted: Bool
    /// Which calls a member has to approve.
    public var approval: ToolServer.Approval
    /// Whether its tools are used.
    public var enabled: Bool
    /// 1 to 60.
    public var timeoutSeconds: Int

    /// A server called `name`.
    public init(
        name: String, slug: String, url: String, authentication: ToolServer.Authentication = .none,
        secret: String? = nil, trusted: Bool = false, approval: ToolServer.Approval = .always, enabled: Bool = true,
        timeoutSeconds: Int = 20
    ) {
        self.name = name
        self.slug = slug
        self.url = url
        self.authentication = authentication
        self.secret = secret
        self.trusted = trusted
        self.approval = approval
        self.enabled = enabled
        self.timeoutSeconds = timeoutSeconds
    }

    init(_ server: ToolServer) {
        self.init(
            name: server.name, slug: server.slug, url: server.url, authentication: server.authentication,
            trusted: server.trusted, approval: server.approval, enabled: server.enabled,
            timeoutSeconds: server.timeoutSeconds)
    }

    /// Headers that belong to the protocol or to HTTP itself.
    private static let reserved: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "te", "trailer", "upgrade",
        "expect", "accept", "accept-encoding", "user-agent", "mcp-protocol-version", "mcp-method", "mcp-name",
        "mcp-session-id", "last-event-id", "keep-alive", "proxy-authorization", "proxy-connection", "cookie",
    ]

    /// What is wrong with it.
    /// - Parameter stored: the server as it is, when it is to be changed.
    func checks(_ rules: EgressRules, stored: ToolServer? = nil) -> FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        if !Self.isSlug(slug) {
            checks.add("slug", "invalid", "must be a lower-case letter, then up to 9 of them, digits and hyphens")
        }
        checks.number("timeoutSeconds", Int64(timeoutSeconds), 1...60)
        do { _ = try rules.check(url) } catch { checks.add("url", "invalid", error.message) }
        checkSecret(&checks, stored)
        guard let header = authentication.header else { return checks }
        let isName = (1...64).contains(header.utf8.count) && header.utf8.allSatisfy(Self.isNameByte)
        if !isName || Self.reserved.contains(header.lowercased()) || header.lowercased().hasPrefix("mcp-param-") {
            checks.add("authHeader", "invalid", "must be the name of a header that is free, such as X-Api-Key")
        }
        return checks
    }

    /// A secret is given for the address and the way it is sent; whoever may change those shall not thereby see it.
    private func checkSecret(_ checks: inout FieldChecks, _ stored: ToolServer?) {
        if let secret {
            let isVisible = secret.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            if !(1...4_096).contains(secret.utf8.count) || !isVisible {
                checks.add("secret", "invalid", "must have 1 to 4096 characters of visible ASCII")
            }
            if authentication == .none { checks.add("secret", "invalid", "needs an authKind that uses it") }
        } else if authentication != .none, stored?.url != url || stored?.authentication != authentication {
            checks.add("secret", "required", "must be given with a new url, authKind or authHeader")
        }
    }

    private static func isSlug(_ text: String) -> Bool {
        (1...10).contains(text.utf8.count) && text.utf8.first.map { (0x61...0x7A).contains($0) } == true
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

/// What a PATCH changes of an MCP server.
public struct ToolServerPatch: Sendable, Hashable {
    /// The name.
    public var name: FieldChange<String> = .keep
    /// The endpoint.
    public var url: FieldChange<String> = .keep
    /// How Switchboard shows who it is.
    public var authentication: FieldChange<ToolServer.Authentication> = .keep
    /// The secret.
    public var secret: FieldChange<String> = .keep
    /// Whether what it says of its tools is believed.
    public var trusted: FieldChange<Bool> = .keep
    /// Which calls a member has to approve.
    public var approval: FieldChange<ToolServer.Approval> = .keep
    /// Whether its tools are used.
    public var enabled: FieldChange<Bool> = .keep
    /// 1 to 60.
    public var timeoutSeconds: FieldChange<Int> = .keep

    /// A patch of nothing.
    public init() {}

    func applied(to draft: ToolServerDraft) -> ToolServerDraft {
        var result = draft
        name.apply(to: &result.name)
        url.apply(to: &result.url)
        authentication.apply(to: &result.authentication)
        if case .set(let new) = secret { result.secret = new }
        trusted.apply(to: &result.trusted)
        approval.apply(to: &result.approval)
        enabled.apply(to: &result.enabled)
        timeoutSeconds.apply(to: &result.timeoutSeconds)
        return result
    }
}
