import Crypto
import Foundation
import JSON
import Testing

@testable import Tenancy

/// A JWT written by hand, to say what no library would.
enum Forged {
    static func token(_ header: JSONObject, _ claims: JSONObject, secret: [UInt8]? = nil) -> String {
        let signed = Base64URL.encode(header.encoded) + "." + Base64URL.encode(claims.encoded)
        guard let secret else { return signed + "." }
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
        return signed + "." + Base64URL.encode(Array(code))
    }
}

@Suite struct TokenTests {
    static let secret = [UInt8](repeating: 3, count: 32)
    static let now = Date(timeIntervalSince1970: 1_900_000_000)
    let user = UUID.v7()
    let session = UUID.v7()
    let company = UUID.v7()

    /// A verifier whose clock stands still.
    private func verifier(at date: Date = now, old: [TokenKey] = []) async throws -> TokenVerifier {
        let configuration = TokenConfiguration(key: try TokenKey(id: "k1", secret: Self.secret), oldKeys: old)
        return TokenVerifier(issuer: "switchboard", keys: await OwnKeys(configuration), now: { date })
    }

    private func issuer(id: String = "k1", secret: [UInt8] = secret) async throws -> TokenIssuer {
        await TokenIssuer(TokenConfiguration(key: try TokenKey(id: id, secret: secret)), now: { Self.now })
    }

    private var header: JSONObject { ["alg": "HS256", "typ": "at+jwt", "kid": "k1"] }
    private var claims: JSONObject {
        [
            "iss": "switchboard", "aud": "switchboard", "sub": .string(user.lowercased),
            "sid": .string(session.lowercased),
            "cid": .string(company.lowercased), "iat": 1_899_999_999, "exp": 1_900_000_100,
        ]
    }

    private func verify(_ token: String, at date: Date = now) async throws -> Credential {
        try await verifier(at: date).verify(CompactToken(token))
    }

    private func refuses(
        _ header: JSONObject, _ claims: JSONObject, secret: [UInt8]? = secret,
        _ location: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: Unauthenticated.self, sourceLocation: location) {
            try await verify(Forged.token(header, claims, secret: secret))
        }
    }

    @Test func believesItsOwn() async throws {
        let issued = try await issuer().user(user, sessionId: session, companyId: company)
        #expect(issued.expiresAt == Self.now.addingTimeInterval(900))
        let credential = try await verify(issued.token)
        #expect(
            credential
                == .session(userId: user, sessionId: session, companyId: company, expiresAt: issued.expiresAt))
        // The forger's own work has to be right for the refusals below to mean something.
        _ = try await verify(Forged.token(header, claims, secret: Self.secret))
    }

    @Test func aPersonNeedsNoCompany() async throws {
        let issued = try await issuer().user(user, sessionId: session, companyId: nil)
        #expect(try await verify(issued.token).companyId == nil)
    }

    @Test func visitorsAreNoUsers() async throws {
        let issued = try await issuer().widget(companyId: company, customerId: user)
        let credential = try await verify(issued.token)
        #expect(credential == .visitor(companyId: company, customerId: user, expiresAt: issued.expiresAt))
        var asUser = claims
        asUser["aud"] = "widget"
        await refuses(header, asUser)
        await refuses(["alg": "HS256", "typ": "widget+jwt", "kid": "k1"], claims)
    }

    @Test func endsInTime() async throws {
        let token = try await issuer().user(user, sessionId: session, companyId: company).token
        _ = try await verify(token, at: Self.now.addingTimeInterval(899))
        await #expect(throws: Unauthenticated("the token has expired")) {
            try await verify(token, at: Self.now.addingTimeInterval(900))
        }
    }

    @Test func algNoneIsRefused() async {
        for algorithm in ["none", "None", "NONE", ""] {
            let forged: JSONObject = ["alg": .string(algorithm), "typ": "at+jwt", "kid": "k1"]
            await refuses(forged, claims, secret: nil)
            await refuses(forged, claims)
        }
        await refuses(["typ": "at+jwt", "kid": "k1"], claims)
    }

    @Test func otherAlgorithmsAreRefused() async {
        for algorithm in ["HS384", "HS512", "RS256", "ES256", "hs256"] {
            await refuses(["alg": .string(algorithm), "typ": "at+jwt", "kid": "k1"], claims)
        }
    }

    @Test func otherKeysAreRefused() async throws {
        await refuses(header, claims, secret: [UInt8](repeating: 4, count: 32))
        await refuses(["alg": "HS256", "typ": "at+jwt", "kid": "k2"], claims)
        // JWTKit would take its default key for a missing or unknown id.
        await refuses(["alg": "HS256", "typ": "at+jwt"], claims)
        let other = try await issuer(id: "k2", secret: [UInt8](repeating: 5, count: 32))
        let token = try await other.user(user, sessionId: session, companyId: company).token
        await #expect(throws: Unauthenticated.self) { try await verify(token) }
        let rotated = try await verifier(old: [TokenKey(id: "k2", secret: [UInt8](repeating: 5, count: 32))])
        _ = try await rotated.verify(CompactToken(token))
    }

    @Test func otherClaimsAreRefused() async {
        let changes: [(String, JSONValue?)] = [
            ("iss", "somebody"), ("iss", nil), ("iss", "switchboard "), ("aud", "other"), ("aud", nil),
            ("aud", ["other"]),
            ("sub", "ana"), ("sub", nil), ("sid", nil), ("sid", "1"), ("exp", nil), ("exp", "1900000100"),
            ("exp", true),
            ("exp", 1_899_999_999), ("exp", -1), ("exp", 1e300), ("nbf", 1_900_000_001), ("nbf", "now"),
        ]
        for (claim, value) in changes {
            var forged = claims
            forged[claim] = value
            await refuses(header, forged)
        }
        await refuses(["alg": "HS256", "typ": "JWT", "kid": "k1"], claims)
        await refuses(["alg": "HS256", "kid": "k1"], claims)
        await refuses(["alg": "HS256", "typ": "at+jwt", "kid": "k1", "crit": ["exp"]], claims)
    }

    @Test func everyChangedByteIsNoticed() async throws {
        let token = Forged.token(header, claims, secret: Self.secret)
        let bytes = Array(token.utf8)
        for index in bytes.indices where bytes[index] != UInt8(ascii: ".") {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            await #expect(throws: Unauthenticated.self) { try await verify(String(decoding: changed, as: UTF8.self)) }
        }
    }

    @Test(arguments: [
        "", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30", "😀.😀.😀", String(repeating: "a", count: 9000),
    ])
    func whatIsNoTokenIsRefused(text: String) async {
        await #expect(throws: Unauthenticated.self) { try await verify(text) }
    }

    @Test func shortKeysAreRefused() {
        #expect(throws: TokenConfiguration.Problem.self) { try TokenKey(id: "k", secret: [1, 2, 3]) }
        #expect(throws: TokenConfiguration.Problem.self) { try TokenKey(id: "", secret: Self.secret) }
    }

    @Test func keysOfProgramsHaveAShape() throws {
        let secret = APIKeySecret(isTest: false)
        #expect(secret.text.hasPrefix("sb_live_") && secret.text.count == 72)
        #expect(APIKeySecret(isTest: true).text.hasPrefix("sb_test_"))
        #expect(APIKeySecret(secret.text)?.hash == secret.hash)
        #expect(secret.shown.count == 14)
        for text in ["", "sb_live_", secret.text + "0", String(secret.text.dropLast()), secret.text.uppercased()] {
            #expect(APIKeySecret(text) == nil)
        }
        let refresh = RefreshToken()
        #expect(RefreshToken(refresh.text)?.hash == refresh.hash)
        #expect(RefreshToken("sb_ref_AAAA") == nil)
    }
}
