import Crypto
import Foundation
import JSON
import TestSupport
import Testing

@testable import Tenancy

@Suite struct OIDCTests {
    private func verify(_ verifier: OIDCVerifier, _ token: String) async throws -> Credential {
        try await verifier.verify(CompactToken(token))
    }

    @Test func believesAGoodToken() async throws {
        let issuer = FakeIssuer()
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        let verifier = issuer.verifier(parties: ["web"])
        let claims: [(String, JSONValue?)] = [("email", "ana@example.com"), ("email_verified", true), ("name", "Ana")]
        for type: JSONValue in ["JWT", "at+jwt", "application/at+JWT"] {
            let credential = try await verify(verifier, issuer.token(key, claims: claims, header: [("typ", type)]))
            #expect(
                credential
                    == .external(
                        issuer: issuer.name, subject: "auth0|1", email: "ana@example.com", name: "Ana",
                        expiresAt: issuer.now.addingTimeInterval(360)))
        }
        #expect(issuer.keyFetches == 1)
        let unverified = try issuer.token(key, claims: [("email", "ana@example.com"), ("email_verified", "true")])
        guard case .external(_, _, let email, _, _) = try await verify(verifier, unverified) else {
            Issue.record("not an external credential")
            return
        }
        #expect(email == nil)
    }

    @Test func refusesEverythingElse() async throws {
        let issuer = FakeIssuer()
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        let verifier = issuer.verifier(parties: ["web"])
        let claims: [(String, JSONValue?)] = [
            ("iss", "https://login.example.com"), ("iss", "https://evil.example.com/"), ("aud", "other"), ("aud", nil),
            ("exp", .integer(Int64(issuer.now.timeIntervalSince1970) - 61)), ("exp", nil), ("exp", "x"),
            ("nbf", .integer(Int64(issuer.now.timeIntervalSince1970) + 61)), ("sub", nil), ("sub", ""),
            ("azp", "other"),
            ("azp", nil),
        ]
        for claim in claims {
            let token = try issuer.token(key, claims: [claim])
            await #expect(throws: Unauthenticated.self, "\(claim)") { try await verify(verifier, token) }
        }
        let headers: [(String, JSONValue?)] = [
            ("alg", "none"), ("alg", "RS384"), ("alg", "PS256"), ("alg", nil), ("kid", nil), ("kid", "k2"),
            ("typ", "id+jwt"), ("crit", ["x"]),
        ]
        for header in headers {
            let token = try issuer.token(key, header: [header])
            await #expect(throws: Unauthenticated.self, "\(header)") { try await verify(verifier, token) }
        }
        // Within the leeway.
        let late = Int64(issuer.now.timeIntervalSince1970) - 59
        _ = try await verify(verifier, issuer.token(key, claims: [("exp", .integer(late))]))
        // Another key under the published id.
        let impostor = try FakeIssuer.Key("k1")
        await #expect(throws: Unauthenticated.self) { try await verify(verifier, issuer.token(impostor)) }
    }

    /// The classic: HS256 with the public key as the secret.
    @Test func thePublicKeyIsNoSecret() async throws {
        let issuer = FakeIssuer()
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk(algorithm: nil))
        let verifier = issuer.verifier()
        for secret in [
            key.signer.publicKey.pemRepresentation, Base64URL.encode(Array(key.signer.publicKey.derRepresentation)),
        ] {
            let forged = Forged.token(
                ["alg": "HS256", "typ": "JWT", "kid": "k1"], issuer.claims, secret: Array(secret.utf8))
            await #expect(throws: Unauthenticated.self) { try await verify(verifier, forged) }
        }
        _ = try await verify(verifier, issuer.token(key))
    }

    @Test func passesOverKeysOfOtherKinds() async throws {
        let issuer = FakeIssuer()
        let good = try FakeIssuer.Key("good")
        let other = try FakeIssuer.Key("other")
        issuer.publish(
            ["kty": "EC", "kid": "ec", "crv": "P-256", "x": "AA", "y": "AA"],
            ["kty": "oct", "kid": "oct", "k": "AAAA"],
            ["kty": "RSA", "kid": "broken", "n": "AQAB", "e": "AQAB"], try other.jwk(use: "enc"),
            try other.jwk(algorithm: "RS512"), ["kty": "RSA"], "text", try good.jwk(algorithm: nil))
        let verifier = issuer.verifier()
        _ = try await verify(verifier, issuer.token(good))
        await #expect(throws: Unauthenticated.self) { try await verify(verifier, issuer.token(other)) }
    }

    @Test func rotatedKeysAreFetchedAtMostOnceAMinute() async throws {
        let issuer = FakeIssuer()
        let (first, second) = (try FakeIssuer.Key("k1"), try FakeIssuer.Key("k2"))
        issuer.publish(try first.jwk())
        let verifier = issuer.verifier()
        _ = try await verify(verifier, issuer.token(first))
        issuer.publish(try first.jwk(), try second.jwk())
        _ = try await verify(verifier, issuer.token(second))
        #expect(issuer.keyFetches == 2)
        let third = try FakeIssuer.Key("k3")
        for _ in 0..<5 {
            await #expect(throws: Unauthenticated.self) { try await verify(verifier, issuer.token(third)) }
        }
        #expect(issuer.keyFetches == 2)
        issuer.pass(60)
        issuer.publish(try third.jwk())
        _ = try await verify(verifier, issuer.token(third))
        #expect(issuer.keyFetches == 3)
        // What was taken back is not good any more.
        await #expect(throws: Unauthenticated.self) { try await verify(verifier, issuer.token(first)) }
    }

    @Test func manyAtOnceFetchOnce() async throws {
        let issuer = FakeIssuer()
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        let verifier = issuer.verifier()
        let token = try issuer.token(key)
        let results = await concurrently(20) { _ in try await verifier.verify(CompactToken(token)) }
        #expect(results.compactMap(\.value).count == 20)
        #expect(issuer.keyFetches == 1)
    }

    @Test func oldKeysCountWhileTheProviderIsDown() async throws {
        let issuer = FakeIssuer()
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        let verifier = issuer.verifier()
        issuer.state.withLock { $0.isDown = true }
        await #expect(throws: ProviderUnavailable.self) { try await verify(verifier, issuer.token(key)) }
        let tries = issuer.state.withLock { $0.fetches.count }
        await #expect(throws: ProviderUnavailable.self) { try await verify(verifier, issuer.token(key)) }
        #expect(issuer.state.withLock { $0.fetches.count } == tries, "not every request tries again")
        issuer.state.withLock { $0.isDown = false }
        issuer.pass(5)
        _ = try await verify(verifier, issuer.token(key))
        issuer.state.withLock { $0.isDown = true }
        issuer.pass(90_000)
        _ = try await verify(verifier, issuer.token(key))
    }

    @Test func theProvidersAgeIsBroughtWithinBounds() async throws {
        for (age, fresh, stale) in [(0, 299.0, 301.0), (10_000_000, 86_399.0, 86_401.0)] {
            let issuer = FakeIssuer()
            let key = try FakeIssuer.Key("k1")
            issuer.publish(try key.jwk())
            issuer.state.withLock { $0.maximumAge = age }
            let verifier = issuer.verifier()
            _ = try await verify(verifier, issuer.token(key))
            issuer.pass(fresh)
            _ = try await verify(verifier, issuer.token(key))
            #expect(issuer.keyFetches == 1)
            issuer.pass(stale - fresh)
            _ = try await verify(verifier, issuer.token(key))
            #expect(issuer.keyFetches == 2)
        }
    }

    @Test func aDiscoveryForSomebodyElseIsRefused() async throws {
        let issuer = FakeIssuer()
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        issuer.state.withLock { $0.discoveredIssuer = "https://evil.example.com/" }
        await #expect(throws: ProviderUnavailable.self) { try await verify(issuer.verifier(), issuer.token(key)) }
        _ = try await verify(issuer.verifier(jwksURL: issuer.name + "keys"), issuer.token(key))
    }

    @Test func anOpaqueTokenIsExplained() async throws {
        let error = await #expect(throws: Unauthenticated.self) { try await verify(FakeIssuer().verifier(), "opaque") }
        #expect(error?.message.contains("audience") == true)
    }
}
