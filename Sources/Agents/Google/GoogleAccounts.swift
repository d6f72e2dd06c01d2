import AsyncHTTPClient
public import Foundation
public import Tenancy

/// Google accounts that members linked, and the consent that links them.
public struct GoogleAccounts: LinkedAccounts {
    /// The name under which accounts are stored.
    public static let provider = "google"

    /// The consent.
    public let oauth: GoogleOAuth
    private let store: OAuthAccountStore
    private let http: GoogleHTTP

    /// Google with this configuration. Shut it down with ``shutdown()``.
    public init(_ configuration: GoogleConfiguration, store: OAuthAccountStore) {
        http = GoogleHTTP(client: GoogleHTTP.makeClient(), configuration: configuration)
        oauth = GoogleOAuth(http: http)
        self.store = store
    }

    /// Closes the connections.
    public func shutdown() async { try? await http.client.shutdown() }

    /// True.
    public var canLink: Bool { true }

    /// The accounts of a member.
    public func accounts(_ tenant: TenantScope, of user: UUID) async throws -> [LinkedAccount] {
        try await store.list(tenant, of: user, provider: Self.provider).map { account in
            LinkedAccount(
                id: account.id, address: account.email ?? account.provider,
                needsReconnect: account.status == .reconnect, hasMail: Self.has(.mail, account),
                hasCalendar: Self.has(.calendar, account))
        }
    }

    /// The calendars, of accounts that need to be linked again too: using one of those says so.
    public func calendars(_ tenant: TenantScope, of user: UUID) async throws -> [any LinkedCalendar] {
        try await store.list(tenant, of: user, provider: Self.provider).filter { Self.has(.calendar, $0) }.map {
            GoogleCalendar(accountId: $0.id, address: $0.email ?? $0.provider, calls: calls(tenant, user, $0.id))
        }
    }

    /// The mailboxes, of accounts that need to be linked again too: using one of those says so.
    public func mailboxes(_ tenant: TenantScope, of user: UUID) async throws -> [any LinkedMailbox] {
        try await store.list(tenant, of: user, provider: Self.provider).filter { Self.has(.mail, $0) }.map {
            Gmail(accountId: $0.id, address: $0.email ?? $0.provider, calls: calls(tenant, user, $0.id))
        }
    }

    private static func has(_ part: GoogleConfiguration.Part, _ account: OAuthAccount) -> Bool {
        part.scopes.contains { account.scopes.contains($0) }
    }

    func calls(_ tenant: TenantScope, _ user: UUID, _ id: UUID) -> GoogleCalls {
        GoogleCalls(
            http: http, tokens: GoogleTokens(oauth: oauth, store: store, scope: tenant, user: user, accountId: id))
    }
}
