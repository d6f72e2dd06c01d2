public import Foundation
public import Postgres
import Synchronization

/// Finds out who calls: first what the bearer text proves (``verify(_:)``, no store), then whether it still counts
/// (``identify(_:companyHint:)``, one round trip to Postgres).
public final class Authenticator: Sendable {
    let client: PostgresClient
    let secrets: SecretBox
    let oidc: OIDCVerifier?
    private let own: TokenVerifier
    private let ownIssuer: String
    private let now: @Sendable () -> Date
    private let verified = Mutex<[String: Credential]>([:])

    /// The issuer of the tokens that this authenticator accepts.
    public let tokens: TokenIssuer

    /// An authenticator.
    /// - Parameters:
    ///   - configuration: how own tokens are signed.
    ///   - oidc: accepts other issuers' tokens; `nil` accepts none.
    ///   - secrets: seals the widget secret of a company made for somebody who comes through an OIDC provider.
    public init(
        _ client: PostgresClient, tokens configuration: TokenConfiguration, secrets: SecretBox,
        oidc: OIDCVerifier? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) async {
        self.client = client
        self.secrets = secrets
        self.oidc = oidc
        self.now = now
        let keys = await OwnKeys(configuration)
        ownIssuer = configuration.issuer
        own = TokenVerifier(issuer: configuration.issuer, keys: keys, now: now)
        tokens = TokenIssuer(configuration, keys: keys, now: now)
    }

    /// What the text after `Bearer` proves.
    /// - Throws: ``Unauthenticated``; ``ProviderUnavailable`` when an OIDC provider's keys cannot be had.
    nonisolated(nonsending) public func verify(_ bearer: String) async throws -> Credential {
        if let key = APIKeySecret(bearer) { return .apiKey(hash: key.hash) }
        if APIKeySecret.prefixes.contains(where: bearer.hasPrefix) {
            throw Unauthenticated("the API key is not valid")
        }
        if let known = verified.withLock({ $0[bearer] }), let end = known.expiresAt, now() < end { return known }
        let token = try CompactToken(bearer)
        if token.issuer == ownIssuer {
            let credential = try await own.verify(token)
            // A verified token stays one until it ends; the same one comes with every request of a client.
            verified.withLock { verified in
                if verified.count >= 8192 { verified.removeAll(keepingCapacity: true) }
                verified[bearer] = credential
            }
            return credential
        }
        guard let oidc, let issuer = token.issuer, oidc.accepts(issuer) else { throw CompactToken.refused }
        return try await oidc.verify(token)
    }

    /// Who calls, by what is stored now.
    /// - Parameter companyHint: the company the request names (`X-Company-Id`, or the id in the path); without it the
    ///   one in the token counts, and without that the person's oldest.
    /// - Throws: ``Unauthenticated`` for a session or key that ended, a disabled person, a deleted customer;
    ///   ``NotFound`` when the caller is not in the company of the hint; ``Forbidden`` for a company that is not active;
    ///   `PostgresError`.
    public func identify(_ credential: Credential, companyHint: UUID? = nil) async throws -> Identity {
        switch credential {
        case .session(let userId, let sessionId, let companyId, let expiresAt):
            return try await identifySession(
                userId, sessionId, token: companyId, hint: companyHint, expiresAt: expiresAt)
        case .apiKey(let hash):
            return try await identifyKey(hash, hint: companyHint)
        case .visitor(let companyId, let customerId, let expiresAt):
            return try await identifyVisitor(companyId, customerId, hint: companyHint, expiresAt: expiresAt)
        case .external(let issuer, let subject, let email, let name, let expiresAt):
            let account = try await account(issuer: issuer, subject: subject, email: email, name: name)
            return try await identifyPerson(
                account.userId, sessionId: account.id, token: nil, hint: companyHint, expiresAt: expiresAt)
        }
    }
}
