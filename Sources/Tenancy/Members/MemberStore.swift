public import Foundation
import JSON
public import Postgres

/// The members of companies. Only an owner makes, changes or removes an owner; a company always has one.
///
/// Methods throw ``Forbidden``, ``NotFound`` for an absent or foreign member, ``StoreConflict`` (`last_owner`,
/// `exists`), ``VersionMismatch``, and `PostgresError`.
public struct MemberStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    static let columns: SQL = """
        memberships.user_id, users.email, users.name, users.username, memberships.role, memberships.created_at,
        memberships.updated_at, memberships.version
        """
    static let source: SQL = "memberships JOIN users ON users.id = memberships.user_id"
    private static let lastOwner = StoreConflict(
        field: "role", code: "last_owner", message: "the company needs at least one owner")

    /// A page of the company's members, longest first.
    public func list(_ scope: TenantScope, page: PageRequest = PageRequest()) async throws -> Page<Member> {
        try scope.require(.membersRead)
        var filter: SQL = "memberships.company_id = \(scope.companyId)"
        if let cursor = try page.place(list: "members", count: 2) {
            guard let joined = Timestamp.parse(cursor.values[0]) else {
                throw InvalidFields("cursor", "invalid", "is not a cursor of this list")
            }
            filter += " AND (memberships.created_at, memberships.user_id) > (\(joined), \(try cursor.id(1)))"
        }
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM \(fragment: Self.source) WHERE \(fragment: filter)
            ORDER BY memberships.created_at, memberships.user_id LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map(Member.init), limit: page.limit) {
            Cursor(list: "members", values: [Timestamp.string($0.createdAt), $0.userId.lowercased])
        }
    }

    /// The member, or `nil`.
    public func find(_ scope: TenantScope, _ userId: UUID) async throws -> Member? {
        if scope.userId != userId { try scope.require(.membersRead) }
        return try await client.query(Self.select(scope, userId), settings: scope.settings).first.map(Member.init)
    }

    /// Adds the registered person with this address.
    /// - Parameter limits: the company's plan; `nil` counts nothing.
    /// - Throws: also ``InvalidFields`` with `not_found` when nobody registered with the address, ``QuotaExceeded``.
    public func add(
        _ scope: TenantScope, email: String, role: Role, limits: PlanLimits? = nil
    ) async throws -> Member {
        try scope.require(.membersWrite)
        try Self.mayTouch(scope, role)
        guard let address = EmailAddress(email) else {
            throw InvalidFields("email", "invalid", "must be an e-mail address")
        }
        let settings = scope.settings.with(.email, address.text)
        return try await client.transaction(settings: settings) { transaction in
            if let limits {
                try await transaction.requireQuota(.members, of: limits, table: "memberships", scope)
            }
            let found = try await transaction.query("SELECT id FROM users WHERE email = \(address.text)")
            guard let person = found.first else {
                throw InvalidFields("email", "not_found", "nobody is registered with this address")
            }
            let userId = try person.get("id", as: UUID.self)
            let added = try await transaction.query(
                """
                INSERT INTO memberships (company_id, user_id, role)
                VALUES (\(scope.companyId), \(userId), \(role.rawValue)) ON CONFLICT DO NOTHING RETURNING user_id
                """)
            if added.isEmpty {
                throw StoreConflict(field: "email", code: "exists", message: "this person is a member already")
            }
            return try Member(try await transaction.query(Self.select(scope, userId)).one())
        }
    }

    /// Gives a member another role.
    public func update(
        _ scope: TenantScope, _ userId: UUID, role: Role, ifVersion: Int? = nil
    ) async throws -> Member {
        try scope.require(.membersWrite)
        try Self.mayTouch(scope, role)
        return try await client.transaction(settings: scope.settings) { transaction in
            let old = try await locked(userId, scope, transaction)
            try require(ifVersion, toBe: old.version)
            try Self.mayTouch(scope, old.role)
            if old.role == .owner, role != .owner { try await requireAnotherOwner(than: userId, scope, transaction) }
            _ = try await transaction.query(
                """
                UPDATE memberships SET role = \(role.rawValue), version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) AND user_id = \(userId)
                """)
            return try Member(try await transaction.query(Self.select(scope, userId)).one())
        }
    }

    /// Takes a member out of the company; everybody may take themselves out.
    public func remove(_ scope: TenantScope, _ userId: UUID, ifVersion: Int? = nil) async throws {
        if scope.userId != userId { try scope.require(.membersWrite) }
        try await client.transaction(settings: scope.settings) { transaction in
            let old = try await locked(userId, scope, transaction)
            try require(ifVersion, toBe: old.version)
            if scope.userId != userId { try Self.mayTouch(scope, old.role) }
            if old.role == .owner { try await requireAnotherOwner(than: userId, scope, transaction) }
            _ = try await transaction.query(
                "DELETE FROM memberships WHERE company_id = \(scope.companyId) AND user_id = \(userId)")
        }
    }

    /// Owners are made, changed and removed by owners (and by the company's own work).
    private static func mayTouch(_ scope: TenantScope, _ role: Role) throws(Forbidden) {
        guard role == .owner, scope.role != .owner, scope.caller != .worker else { return }
        throw Forbidden("only an owner may make, change or remove an owner")
    }

    /// The member, with the company's row locked: changes of who owns it come one after the other.
    private func locked(
        _ userId: UUID, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws -> Member {
        try await transaction.lockCompany(scope)
        guard let row = try await transaction.query(Self.select(scope, userId)).first else { throw NotFound("member") }
        return try Member(row)
    }

    private func requireAnotherOwner(
        than userId: UUID, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws {
        let others = try await transaction.query(
            """
            SELECT user_id FROM memberships
            WHERE company_id = \(scope.companyId) AND role = 'owner' AND user_id <> \(userId) LIMIT 1
            """)
        if others.isEmpty { throw Self.lastOwner }
    }

    private static func select(_ scope: TenantScope, _ userId: UUID) -> SQL {
        """
        SELECT \(fragment: columns) FROM \(fragment: source)
        WHERE memberships.company_id = \(scope.companyId) AND memberships.user_id = \(userId)
        """
    }
}

extension Role: PostgresDecodable {}

extension Member {
    init(_ row: PostgresRow) throws {
        self.init(
            userId: try row.get("user_id"), email: try row.get("email"), name: try row.get("name"),
            username: try row.get("username"), role: try row.get("role"), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
