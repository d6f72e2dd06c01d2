import Foundation
import JSON
import Postgres

extension Authenticator {
    private static let ended = Unauthenticated("the session has ended; sign in again")
    private static let inactive = Forbidden("the company is not active")

    func identifySession(
        _ userId: UUID, _ sessionId: UUID, token: UUID?, hint: UUID?, expiresAt: Date
    ) async throws -> Identity {
        try await identifyPerson(
            userId, sessionId: sessionId, token: token, hint: hint, expiresAt: expiresAt,
            condition: """
                EXISTS (SELECT FROM sessions
                    WHERE id = \(sessionId) AND user_id = \(userId) AND expires_at > now())
                """)
    }

    func identifyPerson(
        _ userId: UUID, sessionId: UUID, token: UUID?, hint: UUID?, expiresAt: Date, condition: SQL = "true"
    ) async throws -> Identity {
        let wanted = hint ?? token
        let rows = try await client.query(
            """
            SELECT users.name, wanted.company_id, memberships.role, companies.subscription_plan, companies.subscription_status
            FROM users
            CROSS JOIN LATERAL (SELECT coalesce(\(wanted)::uuid, (
                SELECT company_id FROM memberships WHERE user_id = \(userId)
                ORDER BY created_at, company_id LIMIT 1)) AS company_id) AS wanted
            LEFT JOIN memberships
                ON memberships.user_id = users.id AND memberships.company_id = wanted.company_id
            LEFT JOIN companies ON companies.id = memberships.company_id
            WHERE users.id = \(userId) AND users.status = 'active' AND \(fragment: condition)
            """, settings: .person(userId))
        guard let row = rows.first else { throw Self.ended }
        let role = try row.get("role", as: Role?.self)
        if hint != nil, role == nil { throw NotFound("company") }
        return Identity(
            .person(userId: userId, sessionId: sessionId, companyId: try row.get("company_id"), role: role),
            name: try row.get("name"),
            plan: try row.get("subscription_plan", as: SubscriptionPlan?.self) ?? .free,
            subscription: try row.get("subscription_status", as: SubscriptionStatus?.self) ?? .active,
            expiresAt: expiresAt)
    }

    func identifyKey(_ hash: [UInt8], hint: UUID?) async throws -> Identity {
        let rows = try await client.query(
            """
            SELECT \(fragment: APIKeyStore.columns), companies.active, companies.subscription_plan,
                companies.subscription_status
            FROM api_keys JOIN companies ON companies.id = api_keys.company_id
            WHERE key_hash = \(hash) AND (expires_at IS NULL OR expires_at > now())
            """, settings: .lookup(.key, hash.hex))
        guard let row = rows.first else { throw Unauthenticated("the API key is not valid") }
        let key = try APIKey(row)
        if let hint, hint != key.companyId { throw NotFound("company") }
        guard try row.get("active", as: Bool.self) else { throw Self.inactive }
        return Identity(
            .apiKey(id: key.id, companyId: key.companyId, permissions: Set(key.scopes)),
            plan: try row.get("subscription_plan"), subscription: try row.get("subscription_status"),
            expiresAt: key.expiresAt)
    }

    func identifyVisitor(
        _ companyId: UUID, _ customerId: UUID, hint: UUID?, expiresAt: Date
    ) async throws -> Identity {
        if let hint, hint != companyId { throw NotFound("company") }
        let rows = try await client.query(
            """
            SELECT companies.active, companies.subscription_plan, companies.subscription_status
            FROM customers JOIN companies ON companies.id = customers.company_id
            WHERE customers.company_id = \(companyId) AND customers.id = \(customerId)
            """, settings: .company(companyId))
        guard let row = rows.first else { throw Self.ended }
        guard try row.get("active", as: Bool.self) else { throw Self.inactive }
        return Identity(
            .visitor(companyId: companyId, customerId: customerId), plan: try row.get("subscription_plan"),
            subscription: try row.get("subscription_status"), expiresAt: expiresAt)
    }
}
