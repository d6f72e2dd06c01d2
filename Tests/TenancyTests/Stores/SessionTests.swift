import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct SessionTests {
    @Test func aRefreshTokenIsGoodOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let second = try await world.refresh(ana.signedIn.refreshToken, device: Device(ip: "10.0.0.9"))
            #expect(second.sessionId == ana.signedIn.sessionId)
            #expect(second.company?.id == ana.scope.companyId)
            #expect(try await world.sessions.list(of: ana.user.id).map(\.ip) == ["10.0.0.9"])
            let third = try await world.refresh(second.refreshToken)
            _ = try await world.scope(third)
            // The first again: a thief, or the victim of one. Everything of the session ends.
            await #expect(throws: Unauthenticated.self) { try await world.refresh(ana.signedIn.refreshToken) }
            await #expect(throws: Unauthenticated.self) { try await world.refresh(third.refreshToken) }
            await #expect(throws: Unauthenticated.self) { try await world.scope(third) }
            #expect(try await world.sessions.list(of: ana.user.id).isEmpty)
        }
    }

    @Test func otherSessionsOutliveAReuse() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let phone = try await world.signIn.login(email: ana.user.email ?? "", password: "correct horse")
            _ = try await world.refresh(ana.signedIn.refreshToken)
            await #expect(throws: Unauthenticated.self) { try await world.refresh(ana.signedIn.refreshToken) }
            _ = try await world.scope(phone)
            _ = try await world.refresh(phone.refreshToken)
        }
    }

    @Test func ofManyAtOnceOneWins() async throws {
        try await World.with { world in
            for _ in 0..<5 {
                let ana = try await world.register()
                let results = await concurrently(8) { _ in
                    try await world.refresh(ana.signedIn.refreshToken)
                }
                #expect(results.compactMap(\.value).count == 1)
                #expect(results.compactMap { $0.error as? Unauthenticated }.count == 7)
                #expect(try await world.sessions.list(of: ana.user.id).isEmpty)
            }
        }
    }

    @Test func anIdleSessionExpiresAndIsSwept() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let expired: SQL = "UPDATE sessions SET expires_at = now() - interval '1 second'"
            _ = try await world.client.query(expired, settings: .person(ana.user.id))
            let other = try await world.register()
            await #expect(throws: Unauthenticated.self) { try await world.scope(ana.signedIn) }
            #expect(try await world.sessions.list(of: ana.user.id).isEmpty)
            #expect(try await world.sessions.sweep() == 1)
            #expect(try await world.sessions.sweep() == 0)
            await #expect(throws: Unauthenticated.self) { try await world.refresh(ana.signedIn.refreshToken) }
            _ = try await world.scope(other.signedIn)
        }
    }

    @Test func endingOnesOwnSessionsOnly() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let eve = try await world.register("Eve")
            await #expect(throws: NotFound.self) { try await world.sessions.end(eve.user.id, ana.signedIn.sessionId) }
            _ = try await world.scope(ana.signedIn)
            _ = try await world.signIn.login(email: ana.user.email ?? "", password: "correct horse")
            #expect(try await world.sessions.endOthers(of: ana.user.id, but: ana.signedIn.sessionId) == 1)
            #expect(try await world.sessions.endOthers(of: ana.user.id, but: nil) == 1)
            _ = try await world.scope(eve.signedIn)
        }
    }

    @Test func tokensAreStoredAsHashesOnly() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let key = try await world.keys.create(ana.scope, APIKeyDraft(name: "k", scopes: [.salesRead]))
            let widgetSecret = try await world.companies.widgetSecret(ana.scope)
            let settings = PostgresSettings.person(ana.user.id, company: ana.scope.companyId)
            var everything = ""
            for table in RowSecurityTests.tables {
                let rows = try await world.client.query(
                    "SELECT t::text AS text FROM \(raw: table) AS t", settings: settings)
                for row in rows { everything += try row.get("text", as: String.self) + "\n" }
            }
            #expect(everything.contains(sha256(ana.signedIn.refreshToken).hex))
            #expect(everything.contains(sha256(key.secret).hex))
            for secret in [ana.signedIn.refreshToken, ana.signedIn.token, key.secret, "correct horse", widgetSecret] {
                #expect(!everything.contains(secret))
            }
        }
    }
}
