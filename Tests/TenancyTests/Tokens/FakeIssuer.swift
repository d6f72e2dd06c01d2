import CryptoExtras
import Foundation
import JSON
import JWTKit
import Synchronization

@testable import Tenancy

/// An OIDC provider in the process: keys that rotate, documents that can be stale, broken or missing.
final class FakeIssuer: Sendable {
    /// A key pair and the id under which it is published.
    struct Key: Sendable {
        let id: String
        let signer: _RSA.Signing.PrivateKey

        init(_ id: String) throws {
            self.id = id
            signer = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        }

        func jwk(algorithm: JSONValue? = "RS256", use: String = "sig") throws -> JSONValue {
            let primitives = try signer.publicKey.getKeyPrimitives()
            var key: JSONObject = [
                "kty": "RSA", "kid": .string(id), "use": .string(use),
                "n": .string(Base64URL.encode(Array(primitives.modulus))),
                "e": .string(Base64URL.encode(Array(primitives.publicExponent))),
            ]
            key["alg"] = algorithm
            return .object(key)
        }
    }

    struct State: Sendable {
        var published: [JSONValue] = []
        var isDown = false
        var maximumAge: Int? = 3600
        var fetches: [String] = []
        var now = Date(timeIntervalSince1970: 1_900_000_000)
        var discoveredIssuer: String
    }

    let name: String
    let state: Mutex<State>

    init(_ name: String = "https://login.example.com/") {
        self.name = name
        state = Mutex(State(discoveredIssuer: name))
    }

    var now: Date { state.withLock(\.now) }

    /// How often the keys were asked for.
    var keyFetches: Int { state.withLock { $0.fetches.filter { $0.hasSuffix("/keys") }.count } }

    func publish(_ keys: JSONValue...) { state.withLock { $0.published = keys } }

    func pass(_ seconds: TimeInterval) { state.withLock { $0.now += seconds } }

    func verifier(
        parties: Set<String>? = nil, signUp: Set<String> = [], jwksURL: String? = nil
    ) -> OIDCVerifier {
        let issuer = OIDCIssuer(
            issuer: name, audience: "https://api.example.com", jwksURL: jwksURL, authorizedParties: parties,
            signUpDomains: signUp)
        return OIDCVerifier([issuer], now: { self.now }) { url in try await self.fetch(url) }
    }

    private func fetch(_ url: String) async throws -> FetchedDocument {
        // Other requests get in between, as on a network.
        await Task.yield()
        return try state.withLock { state in
            state.fetches.append(url)
            struct Down: Error {}
            if state.isDown { throw Down() }
            if url == name + ".well-known/openid-configuration" {
                let document: JSONValue = [
                    "issuer": .string(state.discoveredIssuer), "jwks_uri": .string(name + "keys"),
                ]
                return FetchedDocument(body: document.encoded)
            }
            guard url == name + "keys" else { throw Down() }
            let document: JSONValue = ["keys": .array(state.published)]
            return FetchedDocument(body: document.encoded, maximumAge: state.maximumAge)
        }
    }

    var claims: JSONObject {
        let now = Int64(self.now.timeIntervalSince1970)
        return [
            "iss": .string(name), "sub": "auth0|1", "aud": ["https://api.example.com", "userinfo"],
            "iat": .integer(now), "exp": .integer(now + 300), "azp": "web",
        ]
    }

    func token(
        _ key: Key, claims changes: [(String, JSONValue?)] = [], header headerChanges: [(String, JSONValue?)] = []
    ) throws -> String {
        var header: JSONObject = ["alg": "RS256", "typ": "JWT", "kid": .string(key.id)]
        for (name, value) in headerChanges { header[name] = value }
        var claims = claims
        for (name, value) in changes { claims[name] = value }
        let signed = Base64URL.encode(header.encoded) + "." + Base64URL.encode(claims.encoded)
        let signature = try key.signer.signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.encode(Array(signature.rawRepresentation))
    }
}
