import Foundation
import JSON
import Postgres

extension Authenticator {
    private static let unknown = Unauthenticated("no account belongs to this identity")

    /// The account that is linked to a provider's subject. On the first sign-in it is linked to the person with the
    /// same address when both sides have verified it, or made when the issuer's configuration allows.
    ///
    /// An address that only we were told is never linked: anybody could have registered it and wait for its owner.
    func account(
        issuer: String, subject: String, email: String?, name: String?
    ) async throws -> (id: UUID, userId: UUID) {
        if let known = try await linked(issuer, subject) { return known }
        guard let configuration = oidc?.issuer(issuer) else { throw Self.unknown }
        let address = email.flatMap(EmailAddress.init)
        do {
            if let address, let person = try await UserStore(client).credentials(of: address)?.user {
                guard person.emailVerified, person.status == .active else { throw Self.unknown }
                return try await client.transaction(settings: .person(person.id)) { transaction in
                    try await transaction.link(person.id, issuer, subject, address)
                }
            }
            guard configuration.allowsSignUp(address) else { throw Self.unknown }
            return try await signUp(issuer, subject, address, name)
        } catch let error as PostgresError where error.constraint == "oauth_accounts_subject_key" {
            // Two first requests at once: the other was faster.
            return try await linked(issuer, subject).unwrapped(or: Self.unknown)
        } catch is StoreConflict {
            return try await linked(issuer, subject).unwrapped(or: Self.unknown)
        }
    }

    private func linked(_ issuer: String, _ subject: String) async throws -> (id: UUID, userId: UUID)? {
        let rows = try await client.query(
            """
            SELECT id, user_id FROM oauth_accounts
            WHERE issuer = \(issuer) AND subject = \(subject) AND company_id IS NULL
            """,
            settings: .lookup(.oidc, "\(issuer) \(subject)"))
        return try rows.first.map { (try $0.get("id"), try $0.get("user_id")) }
    }

    /// A person and a company of their own, as registering makes them.
    private func signUp(
        _ issuer: String, _ subject: String, _ email: EmailAddress?, _ name: String?
    ) async throws -> (id: UUID, userId: UUID) {
        let userId = UUID.v7()
        let companyId = UUID.v7()
        let given = name?.filter { $0 != "\0" }
        let name = given?.contains { !$0.isWhitespace } == true ? given : nil
        let company = "\(name ?? email.map { String($0.text.prefix { $0 != "@" }) } ?? "My")'s company"
        return try await client.transaction(settings: .person(userId, company: companyId)) { transaction in
            _ = try await transaction.createUser(
                userId, email: email, passwordHash: nil, name: name, username: nil, emailVerified: email != nil)
            let account = try await transaction.link(userId, issuer, subject, email)
            let draft = CompanyDraft(name: name == nil && email == nil ? "My company" : company)
            _ = try await transaction.createCompany(companyId, ownedBy: userId, draft, secrets)
            return account
        }
    }
}

extension PostgresTransaction {
    fileprivate func link(
        _ userId: UUID, _ issuer: String, _ subject: String, _ email: EmailAddress?
    ) async throws -> (id: UUID, userId: UUID) {
        let id = UUID.v7()
        _ = try await query(
            """
            INSERT INTO oauth_accounts (id, user_id, issuer, subject, email)
            VALUES (\(id), \(userId), \(issuer), \(subject), \(email?.text))
            """)
        return (id, userId)
    }
}

extension Optional {
    fileprivate func unwrapped(or error: some Error) throws -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
