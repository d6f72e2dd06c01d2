/// An OIDC provider whose access tokens are accepted.
public struct OIDCIssuer: Sendable, Hashable {
    /// The `iss`, character for character; Auth0's ends with a slash.
    public var issuer: String
    /// What `aud` has to contain: the identifier of this API at the provider.
    public var audience: String
    /// Where its keys are; `nil` asks the provider's discovery document.
    public var jwksURL: String?
    /// The clients (`azp`) whose tokens are accepted; `nil` accepts all.
    public var authorizedParties: Set<String>?
    /// Whose first sign-in makes an account: domains of verified addresses, or `*` for everybody, with or without an
    /// address. Nobody's when empty.
    public var signUpDomains: Set<String>
    /// By how many seconds the clocks may differ.
    public var leeway: Int

    /// An issuer.
    public init(
        issuer: String, audience: String, jwksURL: String? = nil, authorizedParties: Set<String>? = nil,
        signUpDomains: Set<String> = [], leeway: Int = 60
    ) {
        self.issuer = issuer
        self.audience = audience
        self.jwksURL = jwksURL
        self.authorizedParties = authorizedParties
        self.signUpDomains = signUpDomains
        self.leeway = leeway
    }

    func allowsSignUp(_ email: EmailAddress?) -> Bool {
        signUpDomains.contains("*") || email.map { signUpDomains.contains($0.domain) } ?? false
    }

    var discoveryURL: String {
        issuer + (issuer.hasSuffix("/") ? "" : "/") + ".well-known/openid-configuration"
    }
}

/// A document that was fetched for an ``OIDCVerifier``.
public struct FetchedDocument: Sendable {
    /// The body, of at most ``OIDCVerifier/maximumDocument`` bytes.
    public let body: [UInt8]
    /// `max-age` of `Cache-Control`, in seconds.
    public let maximumAge: Int?

    /// A document.
    public init(body: [UInt8], maximumAge: Int? = nil) {
        self.body = body
        self.maximumAge = maximumAge
    }
}

/// An OIDC provider's keys cannot be had, and none are known from before. 503.
public struct ProviderUnavailable: Error, Sendable, Hashable, CustomStringConvertible {
    /// The provider.
    public let issuer: String

    /// A sentence for the caller.
    public var description: String { "the identity provider cannot be reached at the moment" }
}
