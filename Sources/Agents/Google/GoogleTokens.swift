import Foundation
import JSON
import Tenancy

/// Gives out access tokens of one linked account and refreshes them: five minutes early, and one at a time, for however
/// many callers and processes. The right to refresh is a lease in the account's row; no transaction is open meanwhile.
struct GoogleTokens: Sendable {
    static let early: TimeInterval = 5 * 60
    static let lease = Duration.seconds(40)
    /// How often a caller looks whether another one's refresh has ended.
    static let look = Duration.milliseconds(100)
    static let patience = Duration.seconds(25)

    let oauth: GoogleOAuth
    let store: OAuthAccountStore
    let scope: TenantScope
    let user: UUID
    let accountId: UUID

    /// A token for a call, and which it is.
    /// - Parameter refused: the version of the token that Google has just refused; another one is wanted.
    /// - Throws: ``LinkFailure``; what the store throws.
    func access(refused: Int? = nil) async throws -> (token: String, version: Int) {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let stored: StoredTokens
            do { stored = try await store.tokens(scope, of: user, accountId) } catch is NotFound {
                throw LinkFailure.reconnect
            }
            guard stored.status == .active else { throw LinkFailure.reconnect }
            let isGood = stored.tokens.expiresAt.timeIntervalSinceNow > Self.early && stored.version != refused
            if isGood { return (stored.tokens.access, stored.version) }
            guard let refresh = stored.tokens.refresh else {
                try await store.failRefresh(
                    scope, of: user, accountId, version: stored.version, status: .reconnect, error: "no refresh token")
                throw LinkFailure.reconnect
            }
            if try await store.beginRefresh(scope, of: user, accountId, version: stored.version, lease: Self.lease) {
                try await self.refresh(refresh, stored, refused)
            } else {
                guard ContinuousClock.now < deadline else { throw LinkFailure.unavailable }
                try await Task.sleep(for: Self.look)
            }
        }
    }

    private func refresh(_ token: String, _ stored: StoredTokens, _ refused: Int?) async throws {
        let version = stored.version
        let outcome: GoogleOAuth.Refreshed
        do { outcome = try await oauth.refresh(token) } catch {
            // Given up half way: the next one need not wait for the lease to end.
            _ = await Task.detached { [self] in
                try? await store.failRefresh(
                    scope, of: user, accountId, version: version, status: .active, error: "given up")
            }.value
            throw error
        }
        switch outcome {
        case .tokens(let tokens):
            try await store.finishRefresh(scope, of: user, accountId, version: version, tokens: tokens)
        case .revoked:
            // Only if these are still the tokens: otherwise somebody has linked the account again meanwhile.
            try await store.failRefresh(
                scope, of: user, accountId, version: version, status: .reconnect, error: "invalid_grant")
        case .unavailable(let error):
            try await store.failRefresh(
                scope, of: user, accountId, version: version, status: .active, error: error)
            throw LinkFailure.unavailable
        }
    }
}

/// Calls to one of Google's APIs for one linked account.
struct GoogleCalls: Sendable {
    let http: GoogleHTTP
    let tokens: GoogleTokens

    /// One call; a token that is refused is refreshed once.
    /// - Throws: ``LinkFailure`` for every answer but a good one and those in `accepting`.
    func send(
        _ method: Method, _ url: String, _ body: JSONObject? = nil, isRepeatable: Bool? = nil,
        accepting: Set<Int> = []
    ) async throws -> GoogleHTTP.Answer {
        var refused: Int?
        while true {
            let access = try await tokens.access(refused: refused)
            let answer = try await http.send(
                .init(rawValue: method.rawValue), url, token: access.token, body: body.map { .json($0) },
                isRepeatable: isRepeatable ?? (method == .get))
            if answer.status == 401, refused == nil {
                refused = access.version
                continue
            }
            if accepting.contains(answer.status) { return answer }
            if let failure = answer.failure { throw failure }
            return answer
        }
    }

    enum Method: String { case get = "GET", post = "POST", patch = "PATCH", delete = "DELETE" }
}
