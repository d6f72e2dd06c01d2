import Egress
import Foundation
import JSON
import Postgres
import TestSupport

@testable import Tenancy

/// A database of a test's own with everything of Tenancy on it, connected as the role the server runs with.
struct World: Sendable {
    let database: TestPostgres
    let client: PostgresClient
    let secrets: SecretBox
    let signIn: SignIn
    let authenticator: Authenticator

    static func with<Result>(
        poolSize: Int = 8, oidc: OIDCVerifier? = nil, _ body: (World) async throws -> Result
    ) async throws -> Result {
        try await TestPostgres.with(migrated: true) { database in
            try await database.withClient(configure: { $0.poolSize = poolSize }) { client in
                let secrets = try SecretBox(current: "k1", keys: ["k1": [UInt8](repeating: 7, count: 32)])
                let tokens = try TokenConfiguration(key: TokenKey(id: "t1", secret: [UInt8](repeating: 9, count: 32)))
                let authenticator = await Authenticator(client, tokens: tokens, secrets: secrets, oidc: oidc)
                let signIn = SignIn(
                    client, hasher: PasswordHasher(cost: 4), tokens: authenticator.tokens, secrets: secrets)
                return try await body(
                    World(
                        database: database, client: client, secrets: secrets, signIn: signIn,
                        authenticator: authenticator))
            }
        }
    }

    /// Somebody who registered, with the company and the scope of its owner.
    struct Tenant: Sendable {
        var signedIn: SignedIn
        var scope: TenantScope

        var user: User { signedIn.user }
        /// The company's own work.
        var worker: TenantScope { .forJob(companyId: scope.companyId) }
    }

    func register(_ name: String = "Ana") async throws -> Tenant {
        let email = "\(name.lowercased()).\(UUID.v7().lowercased)@example.com"
        let signedIn = try await signIn.register(
            Registration(email: email, password: "correct horse", name: name, companyName: "\(name) Ltd"))
        return Tenant(signedIn: signedIn, scope: try await scope(signedIn))
    }

    func scope(_ signedIn: SignedIn, company: UUID? = nil) async throws -> TenantScope {
        let credential = try await authenticator.verify(signedIn.token)
        return try await authenticator.identify(credential, companyHint: company).scope()
    }

    /// The next tokens of a session.
    /// - Throws: ``Unauthenticated`` when it has ended.
    func refresh(_ token: String, device: Device = Device()) async throws -> SignedIn {
        switch try await signIn.refresh(token, device: device) {
        case .refreshed(let signedIn): return signedIn
        case .ended: throw Unauthenticated("ended")
        }
    }

    /// A new person in the tenant's company.
    func join(_ tenant: Tenant, as role: Role, name: String = "Joe") async throws -> Tenant {
        let other = try await register(name)
        _ = try await members.add(tenant.scope, email: other.user.email ?? "", role: role)
        return Tenant(signedIn: other.signedIn, scope: try await scope(other.signedIn, company: tenant.scope.companyId))
    }

    var companies: CompanyStore { CompanyStore(client, secrets: secrets) }
    var members: MemberStore { MemberStore(client) }
    var products: ProductStore { ProductStore(client) }
    var customers: CustomerStore { CustomerStore(client) }
    var sales: SaleStore { SaleStore(client) }
    var subscriptions: SubscriptionStore { SubscriptionStore(client) }
    var keys: APIKeyStore { APIKeyStore(client) }
    var sessions: SessionStore { SessionStore(client) }
    var states: AgentStateStore { AgentStateStore(client) }
    var logs: AgentLogStore { AgentLogStore(client) }
    var memories: MemoryStore { MemoryStore(client) }
    var calendar: CalendarStore { CalendarStore(client) }
    var emails: EmailStore { EmailStore(client) }
    var agents: AgentStore { AgentStore(client) }
    var faqs: FAQStore { FAQStore(client) }
    var profiles: LLMProfileStore { LLMProfileStore(client, secrets: secrets) }
    var usage: UsageStore { UsageStore(client) }
    var channels: ChannelStore { ChannelStore(client, secrets: secrets) }
    var leads: LeadStore { LeadStore(client) }
    var deletions: DeletionStore { DeletionStore(client) }
    var toolServers: ToolServerStore { ToolServerStore(client, secrets: secrets, rules: .strict) }
}

/// Runs `body` that often at once and collects what came out.
func concurrently<T: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> T
) async -> [Result<T, any Error>] {
    await withTaskGroup(of: Result<T, any Error>.self) { group in
        for index in 0..<count {
            group.addTask {
                do { return .success(try await body(index)) } catch { return .failure(error) }
            }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
}

extension Result {
    var value: Success? { try? get() }
    var error: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
