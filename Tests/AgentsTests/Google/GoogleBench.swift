import AsyncHTTPClient
import Doubles
import Foundation
import JSON
import TestSupport

@testable import Agents
@testable import Tenancy

/// A member whose Google account, a double, is linked.
struct GoogleBench: Sendable {
    let bench: AgentBench
    let google: FakeGoogle
    let configuration: GoogleConfiguration
    let accounts: GoogleAccounts
    let store: OAuthAccountStore
    let who: (user: UUID, company: UUID)

    var scope: TenantScope { .forJob(companyId: who.company) }

    static func with(isLinked: Bool = true, _ body: @Sendable (GoogleBench) async throws -> Void) async throws {
        try await AgentBench.with { bench in
            let google = FakeGoogle()
            let running = try await RunningDouble.start(google)
            let configuration = configuration(running)
            let store = OAuthAccountStore(bench.client, secrets: bench.secrets)
            let accounts = GoogleAccounts(configuration, store: store)
            do {
                let world = GoogleBench(
                    bench: bench, google: google, configuration: configuration, accounts: accounts, store: store,
                    who: try await bench.register())
                if isLinked { try await world.link() }
                try await body(world)
            } catch {
                await accounts.shutdown()
                await running.stop()
                throw error
            }
            await accounts.shutdown()
            await running.stop()
        }
    }

    private static func configuration(_ running: RunningDouble) -> GoogleConfiguration {
        let settings = Dictionary(running.environment.map { ($0.name, $0.value) }) { first, _ in first }
        var configuration = GoogleConfiguration(
            clientId: settings["GOOGLE_CLIENT_ID"] ?? "", clientSecret: settings["GOOGLE_CLIENT_SECRET"] ?? "",
            redirectURL: "http://127.0.0.1:1/back")
        configuration.authURL = settings["GOOGLE_AUTH_URL"] ?? ""
        configuration.tokenURL = settings["GOOGLE_TOKEN_URL"] ?? ""
        configuration.revokeURL = settings["GOOGLE_REVOKE_URL"] ?? ""
        configuration.gmailURL = settings["GOOGLE_GMAIL_URL"] ?? ""
        configuration.calendarURL = settings["GOOGLE_CALENDAR_URL"] ?? ""
        configuration.pause = .milliseconds(10)
        return configuration
    }

    /// Consents, and hands the code out.
    func consent(_ verifier: String) async throws -> String {
        let start = OAuthStart(state: "s", cookie: "c", verifier: verifier)
        let url = accounts.oauth.authorizationURL([.mail, .calendar], start)
        let client = GoogleHTTP.makeClient()
        let response: HTTPClientResponse
        do { response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(20)) } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
        let location = response.headers.first(name: "location") ?? ""
        let items = URLComponents(string: location)?.queryItems ?? []
        return items.first { $0.name == "code" }?.value ?? ""
    }

    func link() async throws {
        let grant = try await accounts.oauth.exchange(code: try await consent("v1"), verifier: "v1")
        _ = try await store.link(
            scope, of: who.user, provider: GoogleAccounts.provider, subject: grant.subject, email: grant.email,
            scopes: grant.scopes, tokens: grant.tokens)
    }

    /// Makes the stored access token old, so that the next call refreshes.
    func age() async throws {
        let id = try await accountId
        let stored = try await store.tokens(scope, of: who.user, id)
        try await store.finishRefresh(
            scope, of: who.user, id, version: stored.version,
            tokens: OAuthTokens(access: stored.tokens.access, refresh: nil, expiresAt: Date()))
    }

    var accountId: UUID {
        get async throws {
            guard let id = try await store.list(scope, of: who.user).first?.id else { throw NotFound("account") }
            return id
        }
    }

    var mailTools: [any Tool] {
        MailContext(emails: EmailStore(bench.client), accounts: accounts, calendar: bench.calendar(accounts)).tools
    }

    var mail: AgentBench.Talk { AgentBench.Talk(MailAgent(tools: mailTools), scope, .user(who.user), now: Date()) }

    func cal(now: String) throws -> AgentBench.Talk {
        try bench.talk(CalAgent(tools: bench.calendar(accounts).tools), who, now: now)
    }

    func calls(_ accounts: GoogleAccounts) async throws -> GoogleCalls {
        accounts.calls(scope, who.user, try await accountId)
    }
}
