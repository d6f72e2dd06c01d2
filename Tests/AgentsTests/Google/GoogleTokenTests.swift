import Doubles
import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents

@Suite struct GoogleTokenTests {
    @Test func aCodeNeedsItsVerifierAndIsGoodOnce() async throws {
        try await GoogleBench.with(isLinked: false) { world in
            let oauth = world.accounts.oauth
            let code = try await world.consent("mine")
            await #expect(throws: GoogleOAuth.Failure.badCode) {
                _ = try await oauth.exchange(code: code, verifier: "another")
            }
            let second = try await world.consent("mine")
            let grant = try await oauth.exchange(code: second, verifier: "mine")
            #expect(grant.email == "ana@gmail.example" && grant.tokens.refresh != nil && grant.scopes.count == 5)
            await #expect(throws: GoogleOAuth.Failure.badCode) {
                _ = try await oauth.exchange(code: second, verifier: "mine")
            }
            world.google.grantOnly("openid email")
            let nothing = try await world.consent("mine")
            await #expect(throws: GoogleOAuth.Failure.nothingAllowed) {
                _ = try await oauth.exchange(code: nothing, verifier: "mine")
            }
        }
    }

    @Test func tokensAreSealedForTheirRow() async throws {
        try await GoogleBench.with { world in
            let rows = try await world.bench.client.query(
                "SELECT access_token, refresh_token FROM oauth_accounts",
                settings: [
                    "app.user_id": world.who.user.lowercased, "app.company_id": world.who.company.lowercased,
                ])
            let row = try #require(rows.first)
            let access = try row.get("access_token", as: String.self)
            let refresh = try row.get("refresh_token", as: String.self)
            #expect(access.hasPrefix("k1:") && !access.contains("access") && refresh.hasPrefix("k1:"))
            let stored = try await world.store.tokens(world.scope, of: world.who.user, world.accountId)
            #expect(stored.tokens.access.hasPrefix("access") && stored.tokens.refresh?.hasPrefix("refresh") == true)
            // Swapped columns are not authentic.
            _ = try await world.bench.client.query(
                "UPDATE oauth_accounts SET access_token = \(refresh), refresh_token = \(access)",
                settings: [
                    "app.user_id": world.who.user.lowercased, "app.company_id": world.who.company.lowercased,
                ])
            await #expect(throws: SecretBox.Failure.notAuthentic) {
                _ = try await world.store.tokens(world.scope, of: world.who.user, world.accountId)
            }
        }
    }

    /// Twenty callers in two processes find an old token: one of them refreshes, and all go on.
    @Test func oneRefreshForTwentyCallers() async throws {
        try await GoogleBench.with { world in
            world.google.receive(from: "Bob <bob@x.example>", subject: "Hi", text: "Hello")
            world.google.rotateTokens()
            world.google.delayRefresh(.milliseconds(300))
            try await world.age()
            let other = GoogleAccounts(world.configuration, store: world.store)
            let calls = [try await world.calls(world.accounts), try await world.calls(other)]
            let url = world.configuration.gmailURL + "/users/me/messages"
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask { try await calls[number % 2].send(.get, url).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 20) && world.google.refreshes == 1)
            // Google took the token back early: a call is refused, refreshes, and is made again.
            world.google.expireTokens()
            #expect(try await calls[0].send(.get, url).status == 200 && world.google.refreshes == 2)
            await other.shutdown()
        }
    }

    @Test(arguments: [true, false]) func aLostConsentIsToldAndNotAskedAgain(isRevoked: Bool) async throws {
        try await GoogleBench.with { world in
            if isRevoked {
                world.google.revokeConsent()
            } else {
                world.google.refuseRefresh()
                try await world.age()
            }
            let talk = world.mail
            #expect(try await talk.say("unread").text.contains("ana@gmail.example has to be linked again"))
            #expect(try await talk.say("accounts").text.contains("ana@gmail.example: has to be linked again"))
            #expect(try await world.store.list(world.scope, of: world.who.user).first?.status == .reconnect)
            let asked = world.google.refreshes
            #expect(try await talk.say("no leídos").text.contains("Hay que volver a vincular"))
            #expect(world.google.refreshes == asked, "nothing is tried with a consent that is gone")
            world.google.refuseRefresh(false)
            try await world.link()
            #expect(try await talk.say("unread").text == "Nothing unread.")
        }
    }

    /// Another process refreshed meanwhile: its tokens are used, and the account stays linked.
    @Test func aRefusalOfOldTokensLeavesNewOnesAlone() async throws {
        try await GoogleBench.with { world in
            let id = try await world.accountId
            let old = try await world.store.tokens(world.scope, of: world.who.user, id)
            try await world.store.finishRefresh(
                world.scope, of: world.who.user, id, version: old.version,
                tokens: OAuthTokens(access: "new", refresh: "new", expiresAt: Date().addingTimeInterval(3_600)))
            try await world.store.failRefresh(
                world.scope, of: world.who.user, id, version: old.version, status: .reconnect, error: "invalid_grant")
            let now = try await world.store.tokens(world.scope, of: world.who.user, id)
            #expect(now.status == .active && now.tokens.access == "new")
        }
    }

    @Test func nobodyElseReachesTheAccount() async throws {
        try await GoogleBench.with { world in
            let id = try await world.accountId
            let eve = try await world.bench.register("Eve")
            for (company, user) in [
                (eve.company, world.who.user), (world.who.company, eve.user), (eve.company, eve.user),
            ] {
                let scope = TenantScope.forJob(companyId: company)
                #expect(try await world.store.list(scope, of: user).isEmpty)
                await #expect(throws: NotFound("account")) { _ = try await world.store.tokens(scope, of: user, id) }
                await #expect(throws: NotFound("account")) { _ = try await world.store.unlink(scope, of: user, id) }
            }
        }
    }
}
