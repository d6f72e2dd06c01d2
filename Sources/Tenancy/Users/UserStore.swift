public import Foundation
import JSON
public import Postgres

/// The people who sign in. They belong to no company, so these methods take a person's id or address.
///
/// Methods throw ``StoreConflict`` on `email`, and `PostgresError`.
public struct UserStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let taken = StoreConflict(
        field: "email", code: "taken", message: "somebody is registered with this address already")

    /// The person, or `nil`.
    public func find(_ userId: UUID) async throws -> User? {
        try await client.query(
            "SELECT \(fragment: User.columns) FROM users WHERE id = \(userId)", settings: .person(userId)
        ).first.map(User.init)
    }

    /// The person with this address and the hash of the password, or `nil`. The hash is `nil` for somebody who signs in
    /// through an OIDC provider only.
    func credentials(of email: EmailAddress) async throws -> (user: User, passwordHash: String?)? {
        let rows = try await client.query(
            """
            SELECT \(fragment: User.columns), password_hash FROM users WHERE email = \(email.text)
            """, settings: .lookup(.email, email.text))
        return try rows.first.map { (try User($0), try $0.get("password_hash")) }
    }

    /// The hash of the person's password, or `nil`.
    func passwordHash(of userId: UUID) async throws -> String? {
        let rows = try await client.query(
            "SELECT password_hash FROM users WHERE id = \(userId)", settings: .person(userId))
        return try rows.first?.get("password_hash", as: String?.self)
    }

    /// Stores another hash, as long as the one that was verified is still there.
    /// - Returns: whether it was.
    func setPasswordHash(of userId: UUID, to new: String, from old: String) async throws -> Bool {
        let rows = try await client.query(
            """
            UPDATE users SET password_hash = \(new), version = version + 1, updated_at = now()
            WHERE id = \(userId) AND password_hash = \(old) RETURNING id
            """, settings: .person(userId))
        return !rows.isEmpty
    }

    /// Lets a person sign in, or not. For operators; sessions and tokens of a disabled person are refused at once.
    public func setStatus(_ userId: UUID, _ status: User.Status) async throws {
        let rows = try await client.query(
            """
            UPDATE users SET status = \(status.rawValue), version = version + 1, updated_at = now()
            WHERE id = \(userId) RETURNING id
            """, settings: .person(userId))
        if rows.isEmpty { throw NotFound("user") }
    }
}

extension User.Status: PostgresDecodable {}

extension User {
    static let columns: SQL = """
        users.id, users.email, users.name, users.username, users.email_verified, users.status, users.created_at,
        users.updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), email: try row.get("email"), name: try row.get("name"),
            username: try row.get("username"), emailVerified: try row.get("email_verified"),
            status: try row.get("status"), createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"))
    }
}

extension PostgresTransaction {
    /// A new person. The transaction's settings name the id.
    func createUser(
        _ id: UUID, email: EmailAddress?, passwordHash: String?, name: String?, username: String?, emailVerified: Bool
    ) async throws -> User {
        try await translating(["users_email_key": UserStore.taken]) {
            let rows = try await query(
                """
                INSERT INTO users (id, email, password_hash, name, username, email_verified)
                VALUES (\(id), \(email?.text), \(passwordHash), \(name), \(username), \(emailVerified))
                RETURNING \(fragment: User.columns)
                """)
            return try User(try rows.one())
        }
    }
}
