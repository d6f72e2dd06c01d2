import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

/// Every store method with the scope of another company: absent and foreign ids answer alike, and nothing changes.
@Suite struct StoreIsolationTests {
    /// One of everything in one company.
    struct Things {
        let product: Product
        let customer: Customer
        let sale: Sale
        let key: NewAPIKey
        let memory: Memory
        let event: CalendarEvent
        let email: Email
        let profile: LLMProfile
        let lead: Lead

        init(_ world: World, _ tenant: World.Tenant) async throws {
            product = try await world.products.create(
                tenant.scope, ProductDraft(name: "Secret mug", sku: "mug", priceCents: 900, currency: "EUR"))
            customer = try await world.customers.create(
                tenant.scope, CustomerDraft(externalId: "c-1", name: "Carla", email: "carla@example.com"))
            sale = try await world.sales.create(
                tenant.scope, SaleDraft(customerId: customer.id, productId: product.id, quantity: 2))
            key = try await world.keys.create(tenant.scope, APIKeyDraft(name: "till", scopes: [.salesWrite]))
            memory = try await world.memories.save(
                tenant.scope,
                MemoryDraft(
                    "the safe is behind the mugs", origin: MemoryOrigin(conversationId: .v7(), messageId: .v7())))
            let start = Date(timeIntervalSince1970: 1_800_000_000)
            event = try await world.calendar.create(
                tenant.scope,
                CalendarEventDraft(
                    title: "Secret meeting", startsAt: start, endsAt: start.addingTimeInterval(3_600), timeZone: "UTC"))
            email = try await world.emails.put(
                tenant.scope, EmailDraft(messageId: "1@secret", fromAddress: "spy@example.com", subject: "Secret")
            ).email
            let server = try await world.toolServers.create(
                tenant.scope, ToolServerDraft(name: "Tools", slug: "tools", url: "https://mcp.example.com/"))
            let tool = ServerToolDraft(
                name: "echo", exposedName: "mcp_tools_echo", description: "", inputSchema: ["type": "object"],
                annotations: [:], hash: String(repeating: "a", count: 64))
            _ = try await world.toolServers.save(
                tenant.scope, [tool], of: server.id, from: server.url, isComplete: true, era: "modern",
                protocolVersion: nil, freshFor: .seconds(60))
            let faqs = [FAQDraft(question: "Where is the safe?", answer: "Behind the mugs.")]
            _ = try await world.agents.create(tenant.scope, AgentDraft(name: "guard", faqs: faqs))
            _ = try await world.agents.update(tenant.scope, "guard", AgentPatch(active: .set(false)))
            _ = try await world.agents.set(tenant.scope, builtIn: "sales", active: .set(false))
            _ = try await world.faqs.replace(tenant.scope, faqs)
            profile = try await world.profiles.create(
                tenant.scope, LLMProfileDraft(name: "main", baseURL: "https://llm.example.com/v1", model: "m"),
                apiKey: "a-key-that-opens-nothing")
            lead = try await world.leads.note(
                tenant.worker, LeadDraft(.lead, customerId: customer.id, agentName: "sales", interest: "mugs"),
                id: .v7())
            _ = try await world.states.put(tenant.scope, agent: "sales", ["step": 1])
            _ = try await world.logs.insert(tenant.worker, AgentLog(agentName: "sales", state: .replied))
        }
    }

    @Test func anotherCompanySeesNothing() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let eve = try await world.register("Eve").scope
            let things = try await Things(world, ana)

            #expect(try await world.products.find(eve, things.product.id) == nil)
            #expect(try await world.products.list(eve).items.isEmpty)
            #expect(try await world.products.list(eve, text: "secret").items.isEmpty)
            #expect(try await world.products.catalogSearch(eve, question: "secret mug?").isEmpty)
            #expect(try await world.customers.find(eve, things.customer.id) == nil)
            #expect(try await world.customers.find(eve, ids: [things.customer.id]).isEmpty)
            #expect(try await world.customers.find(eve, externalId: "c-1") == nil)
            #expect(try await world.customers.list(eve).items.isEmpty)
            #expect(try await world.customers.searchIds(eve, text: "carla").isEmpty)
            #expect(try await world.sales.find(eve, things.sale.id) == nil)
            #expect(try await world.sales.list(eve, customerId: things.customer.id).items.isEmpty)
            #expect(try await world.keys.list(eve).items.isEmpty)
            #expect(try await world.members.find(eve, ana.user.id) == nil)
            #expect(try await world.members.list(eve).items.map(\.userId) == [eve.userId])
            #expect(try await world.logs.list(eve).items.isEmpty)
            #expect(try await world.memories.list(eve).items.isEmpty)
            #expect(try await world.memories.search(eve, "safe").isEmpty)
            #expect(try await world.states.find(eve, agent: "sales") == nil)
            let start = things.event.startsAt
            #expect(try await world.calendar.list(eve, from: start, to: things.event.endsAt).isEmpty)
            await #expect(throws: NotFound.self) { _ = try await world.calendar.get(eve, things.event.id) }
            await #expect(throws: NotFound.self) { _ = try await world.calendar.cancel(eve, things.event.id) }
            #expect(try await world.emails.list(eve).items.isEmpty)
            await #expect(throws: NotFound.self) { _ = try await world.emails.get(eve, things.email.id) }
            await #expect(throws: NotFound.self) { _ = try await world.emails.mark(eve, things.email.id, read: true) }
            await #expect(throws: NotFound.self) { _ = try await world.emails.advance(eve, things.email.id, to: .sent) }
            let worker = TenantScope.forJob(companyId: eve.companyId)
            #expect(
                try await world.calendar.list(
                    worker, from: start, to: things.event.endsAt, subject: .user(ana.user.id)
                ).isEmpty)
            #expect(try await world.agents.all(eve) == CompanyAgentRows())
            await #expect(throws: NotFound.self) { try await world.agents.get(eve, "guard") }
            await #expect(throws: NotFound.self) { try await world.agents.versions(eve, "guard") }
            await #expect(throws: NotFound.self) { try await world.agents.delete(eve, "guard") }
            #expect(try await world.faqs.list(eve).isEmpty)
            #expect(try await world.faqs.search(eve, "safe mugs").isEmpty)
            #expect(try await world.profiles.list(eve).isEmpty)
            await #expect(throws: NotFound.self) { try await world.profiles.get(eve, things.profile.id) }
            await #expect(throws: NotFound.self) { try await world.profiles.delete(eve, things.profile.id) }
            #expect(try await world.leads.list(eve).items.isEmpty)
            await #expect(throws: NotFound.self) { try await world.leads.decide(eve, things.lead.id, .confirmed) }
            let today = UsageDay(Date())
            #expect(try await world.usage.total(eve, from: today, to: today) == Usage())
            #expect(try await world.profiles.opened(worker)?.profile == nil)
            #expect(try await world.memories.list(worker, subject: .user(ana.user.id)).items.isEmpty)
            #expect(try await world.states.find(worker, agent: "sales", subject: .user(ana.user.id)) == nil)
        }
    }

    @Test func anotherCompanyChangesNothing() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let eve = try await world.register("Eve").scope
            let things = try await Things(world, ana)
            let draft = ProductDraft(name: "Stolen", priceCents: 1)
            let attempts: [@Sendable (UUID, UUID, UUID, UUID, UUID, UUID) async throws -> Void] = [
                { product, _, _, _, _, _ in _ = try await world.products.get(eve, product) },
                { product, _, _, _, _, _ in _ = try await world.products.replace(eve, product, draft) },
                { product, _, _, _, _, _ in
                    _ = try await world.products.update(eve, product, ProductPatch(name: .set("Stolen")))
                },
                { product, _, _, _, _, _ in try await world.products.delete(eve, product) },
                { _, customer, _, _, _, _ in _ = try await world.customers.get(eve, customer) },
                { _, customer, _, _, _, _ in
                    _ = try await world.customers.update(eve, customer, CustomerPatch(name: .set("X")))
                },
                { _, customer, _, _, _, _ in _ = try await world.customers.delete(eve, customer) },
                { _, _, sale, _, _, _ in _ = try await world.sales.get(eve, sale) },
                { _, _, sale, _, _, _ in _ = try await world.sales.update(eve, sale, SalePatch(status: .set(.paid))) },
                { _, _, _, key, _, _ in try await world.keys.revoke(eve, key) },
                { _, _, _, _, memory, _ in try await world.memories.forget(eve, memory) },
                { _, _, _, _, _, user in _ = try await world.members.update(eve, user, role: .member) },
                { _, _, _, _, _, user in try await world.members.remove(eve, user) },
                { _, _, _, _, _, user in try await world.sessions.end(eve.userId ?? user, user) },
            ]
            for (index, attempt) in attempts.enumerated() {
                let foreign = await #expect(throws: NotFound.self, "attempt \(index)") {
                    try await attempt(
                        things.product.id, things.customer.id, things.sale.id, things.key.key.id, things.memory.id,
                        ana.user.id)
                }
                let absent = await #expect(throws: NotFound.self, "attempt \(index)") {
                    try await attempt(.v7(), .v7(), .v7(), .v7(), .v7(), .v7())
                }
                #expect(foreign == absent)
            }
            #expect(try await world.products.get(ana.scope, things.product.id) == things.product)
            #expect(try await world.customers.get(ana.scope, things.customer.id) == things.customer)
            #expect(try await world.sales.get(ana.scope, things.sale.id) == things.sale)
            #expect(try await world.keys.list(ana.scope).items.count == 1)
            #expect(try await world.memories.list(ana.scope).items.count == 1)
            #expect(try await world.members.find(ana.scope, ana.user.id)?.role == .owner)
        }
    }

    @Test func aSaleCannotPointElsewhere() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let eve = try await world.register("Eve").scope
            let theirs = try await Things(world, ana)
            let customer = try await world.customers.create(eve)
            let foreign = await #expect(throws: InvalidFields.self) {
                try await world.sales.create(
                    eve, SaleDraft(customerId: theirs.customer.id, productId: theirs.product.id))
            }
            #expect(foreign?.errors.map(\.field) == ["customerId", "productId"])
            #expect(foreign?.errors.map(\.code) == ["not_found", "not_found"])
            let absent = await #expect(throws: InvalidFields.self) {
                try await world.sales.create(eve, SaleDraft(customerId: .v7(), productId: .v7()))
            }
            #expect(foreign == absent)
            let product = await #expect(throws: InvalidFields.self) {
                try await world.sales.create(eve, SaleDraft(customerId: customer.id, productId: theirs.product.id))
            }
            #expect(product?.errors.map(\.field) == ["productId"])
        }
    }

    /// What a unique index of one company has is no answer to another.
    @Test func namesAreFreeInEveryCompany() async throws {
        try await World.with { world in
            for name in ["Ana", "Eve"] { _ = try await Things(world, try await world.register(name)) }
        }
    }

    @Test func visitorsSeeThemselvesOnly() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let one = try await world.customers.create(ana.scope)
            let two = try await world.customers.create(ana.scope)
            let visitor = TenantScope(companyId: ana.scope.companyId, caller: .visitor(customerId: one.id))
            #expect(try await world.customers.get(visitor, one.id) == one)
            #expect(try await world.customers.find(visitor, two.id) == nil)
            #expect(try await world.customers.find(visitor, ids: [one.id, two.id]) == [one])
            await #expect(throws: Forbidden.self) { try await world.customers.list(visitor) }
            await #expect(throws: Forbidden.self) { try await world.products.list(visitor) }
            await #expect(throws: Forbidden.self) { try await world.companies.get(visitor) }
            await #expect(throws: Forbidden.self) { try await world.memories.list(visitor, subject: .customer(two.id)) }
            await #expect(throws: Forbidden.self) { try await world.memories.list(visitor, subject: .company) }
        }
    }

    @Test func colleaguesDoNotReadEachOthersMemories() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let joe = try await world.join(ana, as: .admin)
            _ = try await world.memories.save(ana.scope, "a surprise for Joe")
            #expect(try await world.memories.search(joe.scope, "surprise").isEmpty)
            await #expect(throws: Forbidden.self) {
                try await world.memories.list(joe.scope, subject: .user(ana.user.id))
            }
            await #expect(throws: Forbidden.self) {
                try await world.states.find(joe.scope, agent: "mem", subject: .user(ana.user.id))
            }
        }
    }
}
