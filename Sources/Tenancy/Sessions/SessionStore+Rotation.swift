import Foundation
import JSON
import Postgres

extension SessionStore {
    /// How an attempt to rotate ended.
    enum Rotation: Sendable {
        /// The old token is used up, this is the new one.
        case rotated(Opened)
        /// The token had been used before: somebody has a copy. The session has ended.
        case reused(userId: UUID)
        /// There is no such token, or its session has ended.
        case unknown
    }

    /// Exchanges a refresh token for the next one. Of any number of callers with the same token one gets it; to the
    /// others the token is a used one, and the session ends.
    func rotate(_ token: RefreshToken, device: Device) async throws -> Rotation {
        let presented = try await client.query(
            "SELECT session_id, user_id FROM session_tokens WHERE token_hash = \(token.hash)",
            settings: .lookup(.refresh, token.hash.hex))
        guard let row = presented.first else { return .unknown }
        let sessionId = try row.get("session_id", as: UUID.self)
        let userId = try row.get("user_id", as: UUID.self)
        return try await client.transaction(settings: .person(userId)) { transaction in
            // The session's row first: everybody who ends or rotates it locks in this order.
            let sessions = try await transaction.query("SELECT id FROM sessions WHERE id = \(sessionId) FOR UPDATE")
            guard !sessions.isEmpty else { return .unknown }
            let used = try await transaction.query(
                """
                UPDATE session_tokens SET used_at = now() WHERE token_hash = \(token.hash) AND used_at IS NULL
                RETURNING session_id
                """)
            guard !used.isEmpty else {
                _ = try await transaction.query("DELETE FROM sessions WHERE id = \(sessionId)")
                return .reused(userId: userId)
            }
            return try await renew(sessionId, userId, device, transaction)
        }
    }

    private func renew(
        _ sessionId: UUID, _ userId: UUID, _ device: Device, _ transaction: PostgresTransaction
    ) async throws -> Rotation {
        let seconds = Double(lifetime.components.seconds)
        let rows = try await transaction.query(
            """
            UPDATE sessions SET last_seen_at = now(), expires_at = now() + make_interval(secs => \(seconds)),
                user_agent = coalesce(\(device.userAgent), user_agent), ip = coalesce(\(device.ip), ip)
            WHERE id = \(sessionId) AND expires_at > now()
                AND EXISTS (SELECT FROM users WHERE id = \(userId) AND status = 'active')
            RETURNING \(fragment: Self.columns)
            """)
        guard let row = rows.first else {
            _ = try await transaction.query("DELETE FROM sessions WHERE id = \(sessionId)")
            return .unknown
        }
        let next = RefreshToken()
        try await transaction.store(next, of: sessionId, userId)
        // A token so old would have expired unused; that it was used says nothing any more.
        _ = try await transaction.query(
            """
            DELETE FROM session_tokens
            WHERE session_id = \(sessionId) AND used_at < now() - make_interval(secs => \(seconds))
            """)
        return .rotated(
            Opened(
                session: try Session(row, current: sessionId), activeCompany: try row.get("active_company"),
                refreshToken: next.text))
    }
}
