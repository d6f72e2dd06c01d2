public import Foundation
import JSON
public import Postgres

/// The accounts outside Switchboard that members linked. A member reaches the own ones in the present company; the
/// company's own work (the agent) names for whom it works. Tokens are sealed for their row and their column.
///
/// Methods throw ``Forbidden``, ``NotFound``, `SecretBox.Failure`, and `PostgresError`.
public struct OAuthAccountStore: Sendable {
    let client: PostgresClient
    let secrets: SecretBox

    /// How many accounts a member may link in a company.
    public static let limit = 10

    /// A store on `client`; tokens are sealed in `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        self.client = client
        self.secrets = secrets
    }

    private static let columns: SQL = "id, user_id, issuer, email, scopes, status, last_error, created_at"

    /// Keeps the tokens of an account that was linked, or linked again.
    public func link(
        _ scope: TenantScope, of user: UUID, provider: String, subject: String, email: String?, scopes: [String],
        tokens: OAuthTokens
    ) async throws -> OAuthAccount {
        let person = try Self.person(scope, user)
        return try await client.transaction(settings: person) { transaction in
            let known = try await transaction.query(
                """
                SELECT id, subject FROM oauth_accounts WHERE company_id = \(scope.companyId) AND user_id = \(user)
                    AND issuer = \(provider) FOR UPDATE
                """)
            let same = try known.first { try $0.get("subject", as: String.self) == subject }
            if same == nil, known.count >= Self.limit {
                throw QuotaExceeded(figure: "linked accounts", limit: Self.limit)
            }
            let id = try same?.get("id", as: UUID.self) ?? UUID.v7()
            let access = try seal(tokens.access, "access", id, scope)
            let refresh = try tokens.refresh.map { try seal($0, "refresh", id, scope) }
            let rows = try await transaction.query(
                """
                INSERT INTO oauth_accounts (id, company_id, user_id, issuer, subject, email, scopes, access_token,
                    refresh_token, expires_at)
                VALUES (\(id), \(scope.companyId), \(user), \(provider), \(subject), \(email), \(scopes), \(access),
                    \(refresh), \(tokens.expiresAt))
                ON CONFLICT (id) DO UPDATE SET email = excluded.email, scopes = excluded.scopes,
                    access_token = excluded.access_token,
                    refresh_token = coalesce(excluded.refresh_token, oauth_accounts.refresh_token),
                    expires_at = excluded.expires_at, status = 'active', last_error = NULL, refreshing_until = NULL,
                    version = oauth_accounts.version + 1, updated_at = now()
                RETURNING \(fragment: Self.columns)
                """)
            return try OAuthAccount(try rows.one())
        }
    }

    /// The accounts of a member, in the order in which they were linked.
    public func list(_ scope: TenantScope, of user: UUID, provider: String? = nil) async throws -> [OAuthAccount] {
        var filter: SQL = "company_id = \(scope.companyId) AND user_id = \(user)"
        if let provider { filter += " AND issuer = \(provider)" }
        let rows = try await client.query(
            "SELECT \(fragment: Self.columns) FROM oauth_accounts WHERE \(fragment: filter) ORDER BY id LIMIT 50",
            settings: try Self.person(scope, user))
        return try rows.map(OAuthAccount.init)
    }

    /// Removes an account with its tokens.
    /// - Returns: a token to be revoked at the provider, when one can be read.
    public func unlink(_ scope: TenantScope, of user: UUID, _ id: UUID) async throws -> String? {
        let rows = try await client.query(
            """
            DELETE FROM oauth_accounts WHERE company_id = \(scope.companyId) AND user_id = \(user) AND id = \(id)
            RETURNING access_token, refresh_token
            """, settings: try Self.person(scope, user))
        guard let row = rows.first else { throw NotFound("account") }
        if let refresh = try row.get("refresh_token", as: String?.self) {
            return try? open(refresh, "refresh", id, scope)
        }
        return try row.get("access_token", as: String?.self).flatMap { try? open($0, "access", id, scope) }
    }

    // MARK: Tokens

    /// The tokens as they are now.
    public func tokens(_ scope: TenantScope, of user: UUID, _ id: UUID) async throws -> StoredTokens {
        let rows = try await client.query(
            """
            SELECT access_token, refresh_token, expires_at, status, version FROM oauth_accounts
            WHERE company_id = \(scope.companyId) AND user_id = \(user) AND id = \(id)
            """, settings: try Self.person(scope, user))
        guard let row = rows.first, let access = try row.get("access_token", as: String?.self),
            let expiresAt = try row.get("expires_at", as: Date?.self)
        else { throw NotFound("account") }
        return StoredTokens(
            tokens: OAuthTokens(
                access: try open(access, "access", id, scope),
                refresh: try row.get("refresh_token", as: String?.self).map { try open($0, "refresh", id, scope) },
                expiresAt: expiresAt),
            status: try row.get("status"), version: try row.get("version"))
    }

    /// Takes the right to refresh these tokens, for as long as `lease` at most. Of all who ask, in whatever process, one
    /// gets it.
    public func beginRefresh(
        _ scope: TenantScope, of user: UUID, _ id: UUID, version: Int, lease: Duration
    ) async throws -> Bool {
        let rows = try await client.query(
            """
            UPDATE oauth_accounts
            SET refreshing_until = now() + make_interval(secs => \(Double(lease.components.seconds)))
            WHERE company_id = \(scope.companyId) AND user_id = \(user) AND id = \(id) AND version = \(version)
                AND status = 'active' AND (refreshing_until IS NULL OR refreshing_until < now()) RETURNING id
            """, settings: try Self.person(scope, user))
        return !rows.isEmpty
    }

    /// Keeps the new tokens, unless others are there meanwhile.
    public func finishRefresh(
        _ scope: TenantScope, of user: UUID, _ id: UUID, version: Int, tokens: OAuthTokens
    ) async throws {
        let access = try seal(tokens.access, "access", id, scope)
        let refresh = try tokens.refresh.map { try seal($0, "refresh", id, scope) }
        _ = try await client.query(
            """
            UPDATE oauth_accounts SET access_token = \(access), refresh_token = coalesce(\(refresh), refresh_token),
                expires_at = \(tokens.expiresAt), refreshing_until = NULL, last_error = NULL, version = version + 1,
                updated_at = now()
            WHERE company_id = \(scope.companyId) AND user_id = \(user) AND id = \(id) AND version = \(version)
            """, settings: try Self.person(scope, user))
    }

    /// Gives the right to refresh back.
    /// - Parameter status: what the account is from now on, unless other tokens are there meanwhile.
    /// - Returns: whether these were still the tokens.
    @discardableResult
    public func failRefresh(
        _ scope: TenantScope, of user: UUID, _ id: UUID, version: Int, status: OAuthAccount.Status, error: String
    ) async throws -> Bool {
        let rows = try await client.query(
            """
            UPDATE oauth_accounts SET refreshing_until = NULL, status = \(status.rawValue),
                last_error = \(String(error.prefix(200))), updated_at = now()
            WHERE company_id = \(scope.companyId) AND user_id = \(user) AND id = \(id) AND version = \(version)
            RETURNING id
            """, settings: try Self.person(scope, user))
        return !rows.isEmpty
    }

    private func seal(_ token: String, _ column: String, _ id: UUID, _ scope: TenantScope) throws -> String {
        try secrets.seal(Array(token.utf8), for: Self.owner(column, id, scope))
    }

    private func open(_ sealed: String, _ column: String, _ id: UUID, _ scope: TenantScope) throws -> String {
        String(decoding: try secrets.open(sealed, for: Self.owner(column, id, scope)), as: UTF8.self)
    }

    private static func owner(_ column: String, _ id: UUID, _ scope: TenantScope) -> String {
        "oauth_accounts \(scope.companyId.lowercased) \(id.lowercased) \(column)"
    }

    /// The settings of a transaction for one member in one company.
    private static func person(_ scope: TenantScope, _ user: UUID) throws -> PostgresSettings {
        guard case .user(let reached) = try scope.reach(.user(user)) else { throw Forbidden("this is somebody else's") }
        return .person(reached, company: scope.companyId)
    }
}

extension OAuthAccount.Status: PostgresDecodable {}

extension OAuthAccount {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), userId: try row.get("user_id"), provider: try row.get("issuer"),
            email: try row.get("email"), scopes: try row.get("scopes"), status: try row.get("status"),
            lastError: try row.get("last_error"), createdAt: try row.get("created_at"))
    }
}
