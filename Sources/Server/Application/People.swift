import AsyncHTTPClient
import Foundation
import JSON
import Logging
import NIOCore
import Postgres
import Tenancy

/// Everything that has to do with who somebody is, made from the settings.
struct People: Sendable {
    let authenticator: Authenticator
    let signIn: SignIn
    let users: UserStore
    let sessions: SessionStore
    let companies: CompanyStore
    let secrets: SecretBox

    init(_ settings: IdentitySettings, postgres: PostgresClient) async throws {
        secrets = try SecretBox(
            current: settings.encryptionKeyId, keys: [settings.encryptionKeyId: settings.encryptionKey])
        let tokens = TokenConfiguration(
            key: try TokenKey(id: "k1", secret: Array(settings.jwtSecret.utf8)),
            accessLifetime: .seconds(settings.accessTokenSeconds), widgetLifetime: .seconds(settings.widgetTokenSeconds)
        )
        let openID = settings.openID.map { provider in
            OIDCVerifier(
                [
                    OIDCIssuer(
                        issuer: provider.issuer, audience: provider.audience, jwksURL: provider.keys,
                        signUpDomains: Set(provider.signUpDomains))
                ], fetch: Self.fetch)
        }
        authenticator = await Authenticator(postgres, tokens: tokens, secrets: secrets, oidc: openID)
        let lifetime = Duration.seconds(settings.refreshTokenSeconds)
        signIn = SignIn(
            postgres, hasher: PasswordHasher(cost: settings.bcryptCost), tokens: authenticator.tokens, secrets: secrets,
            sessionLifetime: lifetime)
        users = UserStore(postgres)
        sessions = SessionStore(postgres, lifetime: lifetime)
        companies = CompanyStore(postgres, secrets: secrets)
    }

    /// Fetches a provider's document: bounded in time and size, without following redirects.
    @Sendable private static func fetch(_ url: String) async throws -> FetchedDocument {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "application/json")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
        guard response.status == .ok else { throw HTTPClientError.invalidURL }
        let body = try await response.body.collect(upTo: OIDCVerifier.maximumDocument)
        let directives = response.headers["cache-control"].flatMap { $0.split(separator: ",") }
        let age = directives.lazy.map { $0.trimmingCharacters(in: .whitespaces) }
            .first { $0.hasPrefix("max-age=") }.flatMap { Int($0.dropFirst("max-age=".count)) }
        return FetchedDocument(body: Array(body.readableBytesView), maximumAge: age)
    }
}

extension SecretBox {
    /// Seals bytes that belong to no row, such as a kept answer.
    func sealAnswer(_ bytes: [UInt8]) throws -> [UInt8] { Array(try seal(bytes, for: "answer").utf8) }

    /// Undoes ``sealAnswer(_:)``.
    func openAnswer(_ bytes: [UInt8]) throws -> [UInt8] {
        try open(String(decoding: bytes, as: UTF8.self), for: "answer")
    }
}
