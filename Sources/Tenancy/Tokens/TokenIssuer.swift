public import Foundation
import JSON
import JWTKit

/// Signs the server's own tokens.
public struct TokenIssuer: Sendable {
    /// A token and when it ends.
    public struct Issued: Sendable, Hashable {
        /// The JWT.
        public let token: String
        /// When it ends.
        public let expiresAt: Date
    }

    private let configuration: TokenConfiguration
    private let keys: OwnKeys
    private let now: @Sendable () -> Date

    init(_ configuration: TokenConfiguration, keys: OwnKeys, now: @escaping @Sendable () -> Date) {
        self.configuration = configuration
        self.keys = keys
        self.now = now
    }

    /// An issuer.
    public init(_ configuration: TokenConfiguration, now: @escaping @Sendable () -> Date = { Date() }) async {
        self.init(configuration, keys: await OwnKeys(configuration), now: now)
    }

    /// A person's access token, for the session `sessionId`, in `companyId` unless the request names another.
    public func user(_ userId: UUID, sessionId: UUID, companyId: UUID?) async throws -> Issued {
        try await issue(.user, configuration.accessLifetime) { claims in
            claims.sub = userId.lowercased
            claims.sid = sessionId.lowercased
            claims.cid = companyId?.lowercased
        }
    }

    /// A visitor's token, for one customer of one company.
    public func widget(companyId: UUID, customerId: UUID) async throws -> Issued {
        try await issue(.widget, configuration.widgetLifetime) { claims in
            claims.sub = customerId.lowercased
            claims.cid = companyId.lowercased
        }
    }

    private func issue(_ use: TokenUse, _ lifetime: Duration, _ fill: (inout Claims) -> Void) async throws -> Issued {
        let begin = Int64(now().timeIntervalSince1970)
        let end = begin + lifetime.components.seconds
        var claims = Claims(iss: configuration.issuer, aud: use.audience, iat: begin, exp: end)
        fill(&claims)
        var header = JWTHeader()
        header.typ = use.type
        let token = try await keys.collection.sign(claims, kid: JWKIdentifier(string: keys.current), header: header)
        return Issued(token: token, expiresAt: Date(timeIntervalSince1970: TimeInterval(end)))
    }

    private struct Claims: JWTPayload {
        var iss: String
        var aud: String
        var sub = ""
        var cid: String?
        var sid: String?
        var iat: Int64
        var exp: Int64

        /// Own tokens are read by ``TokenVerifier``.
        func verify(using algorithm: some JWTAlgorithm) throws {}
    }
}
