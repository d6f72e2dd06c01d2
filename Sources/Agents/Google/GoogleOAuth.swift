import AsyncHTTPClient
import Crypto
import Foundation
import JSON
public import Tenancy

/// Google's OAuth: the consent with PKCE, tokens for codes, new tokens for old ones, tokens given back.
public struct GoogleOAuth: Sendable {
    /// Why a consent led to no account, in a word for the page that the browser goes back to.
    public enum Failure: String, Error, Sendable, Hashable {
        /// Google refuses the code: used, too old, or begun elsewhere.
        case badCode = "bad_code"
        /// Google says something that cannot be understood, or refuses our client.
        case refused
        /// Google does not answer.
        case unavailable
        /// Nothing that was asked for was allowed.
        case nothingAllowed = "nothing_allowed"
    }

    /// An account that somebody consented to.
    public struct Grant: Sendable, Hashable {
        /// Google's id of the person.
        public var subject: String
        /// The address.
        public var email: String?
        /// What was really allowed: people can untick.
        public var scopes: [String]
        /// The tokens.
        public var tokens: OAuthTokens
    }

    let http: GoogleHTTP
    var configuration: GoogleConfiguration { http.configuration }

    /// The address to consent at.
    public func authorizationURL(_ parts: Set<GoogleConfiguration.Part>, _ start: OAuthStart) -> String {
        let scopes = ["openid", "email"] + GoogleConfiguration.Part.allCases.filter(parts.contains).flatMap(\.scopes)
        let challenge = Data(SHA256.hash(data: Array(start.verifier.utf8))).base64URL
        return configuration.authURL + "?"
            + GoogleHTTP.query([
                ("client_id", configuration.clientId), ("redirect_uri", configuration.redirectURL),
                ("response_type", "code"), ("scope", scopes.joined(separator: " ")), ("state", start.state),
                ("access_type", "offline"), ("prompt", "consent"), ("include_granted_scopes", "true"),
                ("code_challenge", challenge), ("code_challenge_method", "S256"),
            ])
    }

    /// The account behind a code.
    /// - Throws: ``Failure``.
    public func exchange(code: String, verifier: String) async throws -> Grant {
        let answer = try await call([
            ("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier),
            ("redirect_uri", configuration.redirectURL),
        ])
        guard answer.status == 200, let tokens = Self.tokens(answer.json) else {
            throw answer.reason == "invalid_grant" ? Failure.badCode : Failure.refused
        }
        // The token comes from Google itself over TLS, so that its signature need not be checked.
        guard let claims = Self.claims(answer.json["id_token"]?.stringValue ?? ""),
            let subject = claims["sub"]?.stringValue, (1...255).contains(subject.utf8.count),
            claims["aud"]?.stringValue == configuration.clientId
        else { throw Failure.refused }
        let scopes = (answer.json["scope"]?.stringValue ?? "").split(separator: " ").map(String.init)
        let known = GoogleConfiguration.Part.allCases.flatMap(\.scopes)
        guard scopes.contains(where: known.contains) else { throw Failure.nothingAllowed }
        return Grant(subject: subject, email: claims["email"]?.stringValue, scopes: scopes, tokens: tokens)
    }

    /// What a refresh led to.
    enum Refreshed: Sendable {
        case tokens(OAuthTokens)
        /// The consent is gone.
        case revoked
        /// It may work in a moment.
        case unavailable(String)
    }

    func refresh(_ token: String) async throws -> Refreshed {
        do {
            let answer = try await call([("grant_type", "refresh_token"), ("refresh_token", token)])
            if answer.status == 200, let tokens = Self.tokens(answer.json) { return .tokens(tokens) }
            if answer.status < 500, answer.reason == "invalid_grant" { return .revoked }
            return .unavailable("\(answer.status) \(answer.reason)")
        } catch Failure.unavailable {
            return .unavailable("no answer")
        }
    }

    /// Gives a token back. Whether Google knows it or not, it is of no use afterwards.
    public func revoke(_ token: String) async {
        _ = try? await http.send(
            .POST, configuration.revokeURL, body: .form([("token", token)]), isRepeatable: false)
    }

    private func call(_ fields: [(String, String)]) async throws -> GoogleHTTP.Answer {
        let all = fields + [("client_id", configuration.clientId), ("client_secret", configuration.clientSecret)]
        do {
            return try await http.send(.POST, configuration.tokenURL, body: .form(all), isRepeatable: false)
        } catch is LinkFailure {
            throw Failure.unavailable
        }
    }

    private static func tokens(_ json: JSONValue) -> OAuthTokens? {
        guard let access = json["access_token"]?.stringValue, !access.isEmpty else { return nil }
        let seconds = json["expires_in"]?.integerValue ?? 3_600
        return OAuthTokens(
            access: access, refresh: json["refresh_token"]?.stringValue,
            expiresAt: Date().addingTimeInterval(Double(min(max(seconds, 0), 86_400))))
    }

    private static func claims(_ token: String) -> JSONValue? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Data(base64URL: String(parts[1])) else { return nil }
        return try? JSONValue.parse(Array(bytes))
    }
}

extension Data {
    /// RFC 4648 section 5, without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads ``base64URL``, with or without padding.
    init?(base64URL text: String) {
        var standard = text.replacing("-", with: "+").replacing("_", with: "/").replacing("=", with: "")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        self.init(base64Encoded: standard)
    }
}
