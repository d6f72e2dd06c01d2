import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct ExternalAccountTests {
    /// A world with a provider; the tokens' time is the present.
    private func with(
        signUp: Set<String> = [],
        _ body: (World, (String, [(String, JSONValue?)]) async throws -> Identity) async throws -> Void
    ) async throws {
        let issuer = FakeIssuer()
        issuer.state.withLock { $0.now = Date() }
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        try await World.with(oidc: issuer.verifier(signUp: signUp)) { world in
            try await body(world) { subject, claims in
                let token = try issuer.token(key, claims: claims + [("sub", .string(subject))])
                return try await world.authenticator.identify(try await world.authenticator.verify(token))
            }
        }
    }

    private func verified(_ email: String?) -> [(String, JSONValue?)] {
        [("email", email.map { .string($0) }), ("email_verified", true), ("name", "Ana")]
    }

    @Test func strangersAreRefusedUnlessAllowed() async throws {
        try await with { world, identify in
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", verified("ana@example.com")) }
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", []) }
        }
        try await with(signUp: ["example.com"]) { world, identify in
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", verified("ana@other.com")) }
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", verified(nil)) }
            let unverified: [(String, JSONValue?)] = [("email", "ana@example.com"), ("email_verified", false)]
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", unverified) }
            let identity = try await identify("a|1", verified("ana@example.com"))
            #expect(try identity.scope().role == .owner)
            let userId = try #require(identity.userId)
            let user = try #require(try await world.signIn.users.find(userId))
            #expect(user.emailVerified && user.email == "ana@example.com" && user.name == "Ana")
            let again = try await identify("a|1", verified("new@other.com"))
            #expect(again.userId == identity.userId, "the subject counts, not the address")
        }
    }

    @Test func anybodyMayBeAllowedAlsoWithoutAddress() async throws {
        try await with(signUp: ["*"]) { world, identify in
            let one = try await identify("a|1", [])
            let two = try await identify("a|2", [])
            #expect(one.userId != two.userId)
            let userId = try #require(one.userId)
            #expect(try await world.signIn.users.find(userId)?.email == nil)
            let scope = try one.scope()
            #expect(try await world.companies.get(scope).name == "My company")
        }
    }

    /// Who registers another's address and waits must not get the account linked when its owner comes.
    @Test func unverifiedAddressesAreNotLinked() async throws {
        try await with(signUp: ["*"]) { world, identify in
            let squatter = try await world.signIn.register(
                Registration(email: "ana@example.com", password: "correct horse"))
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", verified("ana@example.com")) }
            _ = try await world.client.query(
                "UPDATE users SET email_verified = true WHERE id = \(squatter.user.id)",
                settings: .person(squatter.user.id))
            #expect(try await identify("a|1", verified("ANA@example.com")).userId == squatter.user.id)
        }
    }

    @Test func aDisabledPersonStaysOut() async throws {
        try await with(signUp: ["*"]) { world, identify in
            let userId = try #require(try await identify("a|1", verified("ana@example.com")).userId)
            try await world.signIn.users.setStatus(userId, .disabled)
            await #expect(throws: Unauthenticated.self) { try await identify("a|1", verified("ana@example.com")) }
        }
    }

    @Test func nobodySignsInWithAPasswordTheyNeverSet() async throws {
        try await with(signUp: ["*"]) { world, identify in
            _ = try await identify("a|1", verified("ana@example.com"))
            for password in ["", "correct horse"] {
                await #expect(throws: Unauthenticated.self) {
                    try await world.signIn.login(email: "ana@example.com", password: password)
                }
            }
        }
    }

    @Test func manyFirstRequestsAreOnePerson() async throws {
        let issuer = FakeIssuer()
        issuer.state.withLock { $0.now = Date() }
        let key = try FakeIssuer.Key("k1")
        issuer.publish(try key.jwk())
        try await World.with(oidc: issuer.verifier(signUp: ["*"])) { world in
            for email in ["ana@example.com", nil] {
                let token = try issuer.token(key, claims: verified(email) + [("sub", .string("a|\(email ?? "none")"))])
                let results = await concurrently(10) { _ in
                    try await world.authenticator.identify(try await world.authenticator.verify(token)).userId
                }
                #expect(results.compactMap(\.error).isEmpty)
                #expect(Set(results.compactMap(\.value)).count == 1)
            }
        }
    }
}
