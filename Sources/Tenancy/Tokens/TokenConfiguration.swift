/// A secret that signs tokens.
public struct TokenKey: Sendable {
    /// The `kid` in the tokens' headers.
    public let id: String
    let secret: [UInt8]

    /// A key.
    /// - Throws: ``TokenConfiguration/Problem`` for less than 32 bytes or an empty id.
    public init(id: String, secret: [UInt8]) throws(TokenConfiguration.Problem) {
        guard !id.isEmpty, id.utf8.count <= 64 else { throw .init("a token key's id must have 1 to 64 bytes") }
        guard secret.count >= 32 else {
            throw .init("the token key \"\(id)\" must have at least 32 bytes, it has \(secret.count)")
        }
        self.id = id
        self.secret = secret
    }
}

/// How the server signs its own tokens: HS256, an issuer and audiences of its own.
public struct TokenConfiguration: Sendable {
    /// Why a configuration cannot be used. Never contains a secret.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong.
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// The `iss` of the server's tokens.
    public var issuer: String
    /// The key that signs.
    public var key: TokenKey
    /// Keys whose tokens are still good.
    public var oldKeys: [TokenKey]
    /// How long a person's access token is good.
    public var accessLifetime: Duration
    /// How long a visitor's token is good.
    public var widgetLifetime: Duration

    /// A configuration.
    public init(
        issuer: String = "switchboard", key: TokenKey, oldKeys: [TokenKey] = [],
        accessLifetime: Duration = .seconds(15 * 60), widgetLifetime: Duration = .seconds(24 * 3600)
    ) {
        self.issuer = issuer
        self.key = key
        self.oldKeys = oldKeys
        self.accessLifetime = accessLifetime
        self.widgetLifetime = widgetLifetime
    }
}

/// What the two kinds of own tokens are told apart by; both must fit.
enum TokenUse: String, CaseIterable {
    case user, widget

    var audience: String { self == .user ? "switchboard" : "widget" }
    var type: String { self == .user ? "at+jwt" : "widget+jwt" }
}
