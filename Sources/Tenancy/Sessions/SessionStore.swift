public import Foundation
import JSON
public import Postgres

/// Where people are signed in. Every session is a family of refresh tokens, of which one is good.
public struct SessionStore: Sendable {
    let client: PostgresClient
    let lifetime: Duration

    /// A store on `client`.
    /// - Parameter lifetime: how long a session lasts that is not used.
    public init(_ client: PostgresClient, lifetime: Duration = .seconds(30 * 86_400)) {
        self.client = client
        self.lifetime = lifetime
    }

    static let columns: SQL = """
        sessions.id, sessions.user_id, sessions.active_company, sessions.user_agent, sessions.ip, sessions.created_at,
        sessions.last_seen_at, sessions.expires_at
        """

    /// A session with the refresh token that was just made for it.
    struct Opened: Sendable {
        var session: Session
        var activeCompany: UUID?
        var refreshToken: String
    }

    /// Signs a person in on a device.
    func open(_ userId: UUID, company: UUID?, device: Device) async throws -> Opened {
        try await client.transaction(settings: .person(userId)) { transaction in
            try await transaction.openSession(userId, company: company, device: device, lifetime: lifetime)
        }
    }

    /// The sessions of a person that have not ended, newest first; at most 200.
    /// - Parameter current: the session of the caller, which is marked.
    public func list(of userId: UUID, current: UUID? = nil) async throws -> [Session] {
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM sessions WHERE user_id = \(userId) AND expires_at > now()
            ORDER BY id DESC LIMIT 200
            """, settings: .person(userId))
        return try rows.map { try Session($0, current: current) }
    }

    /// Ends a session of the person.
    /// - Throws: ``NotFound`` when there is none with this id, or it is somebody else's.
    public func end(_ userId: UUID, _ id: UUID) async throws {
        let rows = try await client.query(
            "DELETE FROM sessions WHERE user_id = \(userId) AND id = \(id) RETURNING id", settings: .person(userId))
        if rows.isEmpty { throw NotFound("session") }
    }

    /// Ends the person's sessions but one.
    /// - Returns: how many ended.
    @discardableResult
    public func endOthers(of userId: UUID, but kept: UUID?) async throws -> Int {
        try await client.query(
            "DELETE FROM sessions WHERE user_id = \(userId) AND id IS DISTINCT FROM \(kept)::uuid",
            settings: .person(userId)
        ).affected
    }

    /// Removes up to `limit` sessions that have expired.
    /// - Returns: how many.
    @discardableResult
    public func sweep(limit: Int = 1000) async throws -> Int {
        try await client.query(
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions WHERE expires_at < now() LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """, settings: .sweeper
        ).affected
    }
}

extension Session {
    init(_ row: PostgresRow, current: UUID?) throws {
        let id = try row.get("id", as: UUID.self)
        self.init(
            id: id, userId: try row.get("user_id"), userAgent: try row.get("user_agent"), ip: try row.get("ip"),
            createdAt: try row.get("created_at"), lastSeenAt: try row.get("last_seen_at"),
            expiresAt: try row.get("expires_at"), current: id == current)
    }
}

extension PostgresTransaction {
    /// A new session with its first refresh token. The transaction's settings name the person.
    func openSession(
        _ userId: UUID, company: UUID?, device: Device, lifetime: Duration
    ) async throws -> SessionStore.Opened {
        let id = UUID.v7()
        let rows = try await query(
            """
            INSERT INTO sessions (id, user_id, active_company, user_agent, ip, expires_at)
            VALUES (\(id), \(userId), \(company), \(device.userAgent), \(device.ip),
                now() + make_interval(secs => \(Double(lifetime.components.seconds))))
            RETURNING \(fragment: SessionStore.columns)
            """)
        let token = RefreshToken()
        try await store(token, of: id, userId)
        return SessionStore.Opened(
            session: try Session(try rows.one(), current: id), activeCompany: company, refreshToken: token.text)
    }

    func store(_ token: RefreshToken, of session: UUID, _ userId: UUID) async throws {
        _ = try await query(
            """
            INSERT INTO session_tokens (token_hash, session_id, user_id) VALUES (\(token.hash), \(session), \(userId))
            """)
    }
}
