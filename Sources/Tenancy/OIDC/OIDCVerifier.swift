public import Foundation
import JWTKit

/// Believes access tokens of configured OIDC providers: RS256 only, a known key, the exact issuer, the audience, in
/// time.
public final class OIDCVerifier: Sendable {
    /// Fetches a document of a provider by its URL, with limits for time and size of its own.
    public typealias Fetch = @Sendable (_ url: String) async throws -> FetchedDocument

    /// The most bytes a discovery document or key set may have.
    public static let maximumDocument = 256 * 1024

    private let issuers: [String: OIDCIssuer]
    private let caches: [String: ProviderKeyCache]
    private let now: @Sendable () -> Date

    /// A verifier for these issuers; nothing is fetched yet.
    public init(
        _ issuers: [OIDCIssuer], now: @escaping @Sendable () -> Date = { Date() }, fetch: @escaping Fetch
    ) {
        self.issuers = Dictionary(issuers.map { ($0.issuer, $0) }) { first, _ in first }
        caches = self.issuers.mapValues { ProviderKeyCache($0, fetch: fetch, now: now) }
        self.now = now
    }

    func accepts(_ issuer: String) -> Bool { issuers[issuer] != nil }

    func issuer(_ name: String) -> OIDCIssuer? { issuers[name] }

    /// What the token proves.
    /// - Throws: ``Unauthenticated``; ``ProviderUnavailable``.
    func verify(_ token: CompactToken) async throws -> Credential {
        guard let issuer = token.issuer.flatMap({ issuers[$0] }), let cache = caches[issuer.issuer],
            token.algorithm == "RS256", ["jwt", "at+jwt", nil].contains(token.type), let id = token.keyId,
            let subject = token.subject, (1...255).contains(subject.unicodeScalars.count)
        else { throw CompactToken.refused }
        guard token.isFor(issuer.audience) else {
            throw Unauthenticated("the token is for another audience than this API")
        }
        if let parties = issuer.authorizedParties {
            guard let party = token.claims["azp"]?.stringValue, parties.contains(party) else {
                throw CompactToken.refused
            }
        }
        guard let end = token.validity(at: now(), leeway: TimeInterval(issuer.leeway)) else {
            throw Unauthenticated("the token has expired, or is not valid yet")
        }
        guard let keys = try await cache.keys(for: id) else { throw CompactToken.refused }
        do {
            _ = try await keys.collection.verify(token.text, as: SignatureOnly.self)
        } catch {
            throw CompactToken.refused
        }
        let isVerified = token.claims["email_verified"]?.boolValue ?? false
        return .external(
            issuer: issuer.issuer, subject: subject,
            email: isVerified ? token.claims["email"]?.stringValue : nil,
            name: token.claims["name"]?.stringValue.map { String($0.prefix(100)) },
            expiresAt: end.addingTimeInterval(TimeInterval(issuer.leeway)))
    }
}
