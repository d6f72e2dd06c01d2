public import Foundation
import JSON
public import Postgres

/// Registering, signing in and out with an address and a password.
public struct SignIn: Sendable {
    let client: PostgresClient
    let users: UserStore
    let sessions: SessionStore
    let companies: CompanyStore
    let hasher: PasswordHasher
    let tokens: TokenIssuer

    /// Sign-in.
    /// - Parameter sessionLifetime: how long a session lasts that is not used.
    public init(
        _ client: PostgresClient, hasher: PasswordHasher, tokens: TokenIssuer, secrets: SecretBox,
        sessionLifetime: Duration = .seconds(30 * 86_400)
    ) {
        self.client = client
        self.hasher = hasher
        self.tokens = tokens
        users = UserStore(client)
        sessions = SessionStore(client, lifetime: sessionLifetime)
        companies = CompanyStore(client, secrets: secrets)
    }

    static let refused = Unauthenticated("the e-mail address or the password is wrong")

    /// Makes a person, a company that the person owns, and a session, all or nothing.
    /// - Throws: ``InvalidFields``; ``StoreConflict`` when the address is taken; ``Overloaded``; `PostgresError`.
    public func register(_ registration: Registration, device: Device = Device()) async throws -> SignedIn {
        try registration.checks.check()
        guard let email = EmailAddress(registration.email) else {
            throw InvalidFields("email", "invalid", "must be an e-mail address")
        }
        let hash = try await hasher.hash(registration.password)
        let userId = UUID.v7()
        let companyId = UUID.v7()
        let made = try await client.transaction(settings: .person(userId, company: companyId)) { transaction in
            let user = try await transaction.createUser(
                userId, email: email, passwordHash: hash, name: registration.name, username: registration.username,
                emailVerified: false)
            let company = try await transaction.createCompany(
                companyId, ownedBy: userId, CompanyDraft(name: registration.company), companies.secrets)
            let opened = try await transaction.openSession(
                userId, company: companyId, device: device, lifetime: sessions.lifetime)
            return (user, company, opened)
        }
        return try await answer(made.0, made.1, made.2)
    }

    /// Signs a person in on a device. One answer, after the same time, for a wrong password, an unknown address and a
    /// person who may not sign in.
    /// - Throws: ``Unauthenticated``; ``Overloaded``; `PostgresError`.
    public func login(email: String, password: String, device: Device = Device()) async throws -> SignedIn {
        let address = EmailAddress(email)
        // An address that cannot be one is looked up all the same, for the time it takes.
        let found = try await users.credentials(of: address ?? .nobody)
        let isRight = try await hasher.verify(password, found?.passwordHash)
        guard isRight, let found, found.user.status == .active else { throw Self.refused }
        if let old = found.passwordHash, hasher.isOutdated(old) {
            let new = try await hasher.hash(password)
            _ = try await users.setPasswordHash(of: found.user.id, to: new, from: old)
        }
        let company = try await companies.memberships(of: found.user.id).first?.company
        let opened = try await sessions.open(found.user.id, company: company?.id, device: device)
        return try await answer(found.user, company, opened)
    }

    /// How an exchange of a refresh token ended.
    public enum Refreshed: Sendable {
        /// The next tokens.
        case refreshed(SignedIn)
        /// There is no such session any more. `userId` is whose it was when this token had been used before: somebody has
        /// a copy, and the session was ended just now.
        case ended(userId: UUID?)
    }

    /// Exchanges a refresh token for the next one and a new access token. A token that was used before ends its session.
    /// - Throws: `PostgresError`.
    public func refresh(_ refreshToken: String, device: Device = Device()) async throws -> Refreshed {
        guard let token = RefreshToken(refreshToken) else { return .ended(userId: nil) }
        switch try await sessions.rotate(token, device: device) {
        case .unknown: return .ended(userId: nil)
        case .reused(let userId): return .ended(userId: userId)
        case .rotated(let opened):
            guard let user = try await users.find(opened.session.userId) else { return .ended(userId: nil) }
            let memberships = try await companies.memberships(of: user.id)
            let company = memberships.first { $0.company.id == opened.activeCompany } ?? memberships.first
            return .refreshed(try await answer(user, company?.company, opened))
        }
    }

    /// Ends the session. Fine when it has ended already.
    public func logout(_ userId: UUID, sessionId: UUID) async throws {
        do {
            try await sessions.end(userId, sessionId)
        } catch is NotFound {
            return
        }
    }

    /// Changes the password and ends the person's other sessions.
    /// - Throws: ``InvalidFields`` for a wrong current or an unacceptable new password; ``Overloaded``; `PostgresError`.
    public func changePassword(_ userId: UUID, sessionId: UUID, current: String, new: String) async throws {
        let wrong = InvalidFields("currentPassword", "invalid", "is not your password")
        if let problem = PasswordRules.problem(with: new, field: "newPassword") { throw InvalidFields([problem]) }
        let stored = try await users.passwordHash(of: userId)
        guard try await hasher.verify(current, stored), let stored else { throw wrong }
        let hash = try await hasher.hash(new)
        try await client.transaction(settings: .person(userId)) { transaction in
            let changed = try await transaction.query(
                """
                UPDATE users SET password_hash = \(hash), version = version + 1, updated_at = now()
                WHERE id = \(userId) AND password_hash = \(stored) RETURNING id
                """)
            // Changed elsewhere meanwhile: what was typed is not the password any more.
            if changed.isEmpty { throw wrong }
            _ = try await transaction.query(
                "DELETE FROM sessions WHERE user_id = \(userId) AND id <> \(sessionId)")
        }
    }

    private func answer(_ user: User, _ company: Company?, _ opened: SessionStore.Opened) async throws -> SignedIn {
        let issued = try await tokens.user(user.id, sessionId: opened.session.id, companyId: company?.id)
        return SignedIn(
            user: user, company: company, sessionId: opened.session.id, token: issued.token,
            expiresAt: issued.expiresAt, refreshToken: opened.refreshToken)
    }
}

extension EmailAddress {
    /// An address that nobody can register: it has no `@`.
    static let nobody = EmailAddress(stored: "nobody")

    private init(stored text: String) { self.text = text }
}
