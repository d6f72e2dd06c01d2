import Foundation
import JSON
public import Postgres

/// Consents under way: 32 random bytes each, stored as hashes, good for ten minutes, once, and in the browser that began.
public struct OAuthStateStore: Sendable {
    /// How long somebody may take to consent.
    public static let lifetime = Duration.seconds(600)
    /// How many may be under way for one member; the oldest gives way.
    static let maximumOpen = 10

    private let client: PostgresClient
    private let secrets: SecretBox

    /// A store on `client`; verifiers are sealed in `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        self.client = client
        self.secrets = secrets
    }

    /// Begins a consent of the member who calls.
    /// - Throws: ``Forbidden`` when nobody but a member could link an account, and `PostgresError`.
    public func begin(_ scope: TenantScope, returnTo: String?) async throws -> OAuthStart {
        guard let userId = scope.userId else { throw Forbidden("only a person can link an account") }
        let parts = (0..<3).map { _ in Base64URL.encode(randomBytes(32)) }
        let hash = sha256(parts[0])
        let sealed = try secrets.seal(Array(parts[2].utf8), for: Self.owner(hash))
        try await client.transaction(settings: scope.settings) { transaction in
            _ = try await transaction.query(
                """
                DELETE FROM oauth_states WHERE company_id = \(scope.companyId) AND user_id = \(userId)
                    AND (expires_at < now() OR state_hash IN (
                        SELECT state_hash FROM oauth_states WHERE company_id = \(scope.companyId)
                            AND user_id = \(userId) ORDER BY expires_at DESC OFFSET \(Self.maximumOpen - 1)))
                """)
            _ = try await transaction.query(
                """
                INSERT INTO oauth_states (state_hash, company_id, user_id, cookie_hash, verifier, return_to, expires_at)
                VALUES (\(hash), \(scope.companyId), \(userId), \(sha256(parts[1])), \(sealed), \(returnTo),
                    now() + make_interval(secs => \(Double(Self.lifetime.components.seconds))))
                """)
        }
        return OAuthStart(state: parts[0], cookie: parts[1], verifier: parts[2])
    }

    /// Takes a consent that came back. Whatever the answer, the state is used up.
    /// - Returns: nil for a state that is unknown, used, too old, or came back in another browser.
    public func redeem(state: String, cookie: String) async throws -> OAuthReturn? {
        guard state.utf8.count <= 100, cookie.utf8.count <= 100 else { return nil }
        let hash = sha256(state)
        let rows = try await client.query(
            """
            DELETE FROM oauth_states WHERE state_hash = \(hash)
            RETURNING company_id, user_id, cookie_hash, verifier, return_to, expires_at > now() AS fresh
            """, settings: .lookup(.state, hash.hex))
        guard let row = rows.first, try row.get("fresh", as: Bool.self),
            constantTimeEqual(try row.get("cookie_hash", as: [UInt8].self), sha256(cookie))
        else { return nil }
        let verifier = try secrets.open(try row.get("verifier"), for: Self.owner(hash))
        return OAuthReturn(
            companyId: try row.get("company_id"), userId: try row.get("user_id"),
            verifier: String(decoding: verifier, as: UTF8.self), returnTo: try row.get("return_to"))
    }

    private static func owner(_ hash: [UInt8]) -> String { "oauth_states \(hash.hex)" }
}
