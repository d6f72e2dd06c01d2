import Conversations
import Foundation
import JSON
import Logging
import Tenancy

/// The demo company of `switchboard seed`: people, products, customers, sales and a few conversations, made through the
/// same stores that requests use.
struct DemoCompany {
    /// How to get in.
    struct Access: CustomStringConvertible {
        let company: Company
        let apiKey: String

        var description: String {
            """
            Demo company   \(company.name)
            Sign-in        \(DemoCompany.owner) / \(DemoCompany.password)
            A colleague    \(DemoCompany.colleague) / \(DemoCompany.password)
            Company id     \(company.id.lowercased)
            Widget key     \(company.widgetKey)
            API key        \(apiKey)
            """
        }
    }

    static let owner = "ada@northlight.example"
    static let colleague = "ben@northlight.example"
    static let password = "switchboard-demo"
    private static let keyName = "demo"

    private let people: People
    private let products: ProductStore
    private let customers: CustomerStore
    private let sales: SaleStore
    private let members: MemberStore
    private let keys: APIKeyStore
    private let conversations: ConversationStore

    init(_ settings: Settings, _ stores: Stores, _ logger: Logger) async throws {
        people = try await People(settings.identity, postgres: stores.postgres)
        products = ProductStore(stores.postgres)
        customers = CustomerStore(stores.postgres)
        sales = SaleStore(stores.postgres)
        members = MemberStore(stores.postgres)
        keys = APIKeyStore(stores.postgres)
        conversations = ConversationStore(client: stores.mongo, logger: logger)
    }

    /// Makes what is missing.
    ///
    /// - Returns: how to get in. The API key is a new one each time, because only its hash is kept; the one before is
    ///   revoked.
    /// - Throws: errors of the stores.
    func seed() async throws -> Access {
        let signedIn = try await signIn(Self.owner, name: "Ada Northlight", companyName: "Northlight Coffee")
        guard let company = signedIn.company else { throw Problem.internalError }
        let scope = TenantScope.forJob(companyId: company.id)
        if try await products.list(scope, page: PageRequest(limit: 1)).items.isEmpty {
            try await fill(scope)
        }
        let access = Access(company: try await people.companies.get(scope), apiKey: try await newKey(scope))
        await conversations.shutdown()
        return access
    }

    private func signIn(_ email: String, name: String, companyName: String) async throws -> SignedIn {
        do {
            return try await people.signIn.register(
                Registration(email: email, password: Self.password, name: name, companyName: companyName))
        } catch is StoreConflict {
            return try await people.signIn.login(email: email, password: Self.password)
        }
    }

    private func newKey(_ scope: TenantScope) async throws -> String {
        for key in try await keys.list(scope, page: PageRequest(limit: 200)).items where key.name == Self.keyName {
            try await keys.revoke(scope, key.id)
        }
        let permissions = Set(Permission.allCases)
        return try await keys.create(scope, APIKeyDraft(name: Self.keyName, scopes: permissions, isTest: true)).secret
    }

    private func fill(_ scope: TenantScope) async throws {
        _ = try await people.companies.update(scope, DemoContent.company)
        _ = try await signIn(Self.colleague, name: "Ben Aster", companyName: "Ben's company")
        _ = try await members.add(scope, email: Self.colleague, role: .member)
        var made: [Product] = []
        for draft in DemoContent.products { made.append(try await products.create(scope, draft)) }
        for (index, person) in DemoContent.customers.enumerated() {
            let customer = try await customers.create(scope, person.draft)
            try await converse(scope, customer, person)
            let product = made[index % made.count]
            _ = try await sales.create(
                scope, SaleDraft(customerId: customer.id, productId: product.id, quantity: 1, status: .paid))
        }
    }

    private func converse(_ scope: TenantScope, _ customer: Customer, _ person: DemoContent.Person) async throws {
        let conversation = try await conversations.create(
            ConversationDraft(title: person.title, customerId: customer.id, platform: person.platform), in: scope
        ).conversation
        for line in person.lines {
            _ = try await conversations.append(
                MessageDraft(role: line.role, content: line.text), to: conversation.id, in: scope)
        }
    }
}
