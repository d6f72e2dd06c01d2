import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct CompanyTests {
    @Test func changesOnlyWhatIsGiven() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let before = try await world.companies.get(scope)
            let after = try await world.companies.update(
                scope,
                CompanyPatch(
                    brandPersonality: .set("warm"), settings: ["widget": ["color": "#0a7"], "own": ["deep": [1, 2]]]))
            #expect(
                after.name == before.name && after.brandPersonality == "warm" && after.version == before.version + 1)
            #expect(after.settings.widgetAgent == "sales")
            #expect(after.settings.object["own"] == ["deep": [1, 2]])
            let silent = try await world.companies.update(scope, CompanyPatch(settings: ["widgetAgent": nil]))
            #expect(silent.settings.widgetAgent == nil && silent.settings.widget == ["color": "#0a7"])
            await #expect(throws: InvalidFields.self) {
                try await world.companies.update(scope, CompanyPatch(name: .set("")))
            }
            await #expect(throws: VersionMismatch.self) {
                try await world.companies.update(scope, CompanyPatch(name: .set("x")), ifVersion: 1)
            }
            #expect(try await world.companies.get(scope) == silent)
            let json = try #require(try JSONValue.parse(silent.encoded).objectValue)
            #expect(
                json.keys == [
                    "id", "name", "industry", "brandPersonality", "active", "subscriptionPlan", "subscriptionStatus",
                    "widgetKey", "settings", "createdAt", "updatedAt",
                ])
        }
    }

    @Test func theSubscriptionShowsOnTheCompany() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let subscription = try await world.subscriptions.put(ana.scope, plan: .pro, status: .trialing)
            #expect(subscription.limits == PlanTable.standard.limits(.pro))
            let company = try await world.companies.get(ana.scope)
            #expect(company.subscriptionPlan == .pro && company.subscriptionStatus == .trialing)
            let credential = try await world.authenticator.verify(ana.signedIn.token)
            #expect(try await world.authenticator.identify(credential).plan == .pro)
            let admin = try await world.join(ana, as: .admin)
            await #expect(throws: Forbidden.self) { try await world.subscriptions.put(admin.scope, plan: .free) }
            await #expect(throws: VersionMismatch.self) {
                try await world.subscriptions.put(ana.scope, plan: .free, ifVersion: 1)
            }
            _ = try await world.subscriptions.put(ana.scope, plan: .business, status: .cancelled)
            #expect(try await world.subscriptions.get(ana.scope).limits == PlanTable.standard.limits(.free))
        }
    }

    @Test func aPersonSeesTheirMemberships() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .admin)
            let memberships = try await world.companies.memberships(of: joe.user.id)
            #expect(memberships.map(\.role) == [.owner, .admin])
            #expect(memberships.map(\.company.name) == ["Joe Ltd", "Ana Ltd"])
            await #expect(throws: NotFound.self) {
                try await world.companies.create(ownedBy: .v7(), CompanyDraft(name: "x"))
            }
        }
    }

    @Test func keysDoNoMoreThanTheirMakers() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let admin = try await world.join(ana, as: .admin)
            let member = try await world.join(ana, as: .member)
            await #expect(throws: InvalidFields.self) {
                try await world.keys.create(admin.scope, APIKeyDraft(name: "k", scopes: [.subscriptionWrite]))
            }
            await #expect(throws: Forbidden.self) {
                try await world.keys.create(member.scope, APIKeyDraft(name: "k", scopes: [.productsRead]))
            }
            let key = TenantScope(
                companyId: ana.scope.companyId, caller: .apiKey(id: .v7(), permissions: [.apiKeysWrite]))
            await #expect(throws: InvalidFields.self) {
                try await world.keys.create(key, APIKeyDraft(name: "k", scopes: [.productsRead]))
            }
            let empty = await #expect(throws: InvalidFields.self) {
                try await world.keys.create(
                    ana.scope, APIKeyDraft(name: "", scopes: [], expiresAt: Date(timeIntervalSince1970: 0)))
            }
            #expect(empty?.errors.map(\.field) == ["name", "scopes", "expiresAt"])
            #expect(try await world.keys.list(ana.scope).items.isEmpty)
            let made = try await world.keys.create(
                ana.scope, APIKeyDraft(name: "k", scopes: [.salesRead], isTest: true))
            #expect(made.secret.hasPrefix("sb_test_") && made.secret.hasPrefix(made.key.prefix))
            #expect(made.encodedString.contains(made.secret) && !made.key.encodedString.contains(made.secret))
        }
    }

    @Test func useIsNotedOnceAMinute() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let made = try await world.keys.create(ana.scope, APIKeyDraft(name: "k", scopes: [.salesRead]))
            let scope = TenantScope(
                companyId: ana.scope.companyId, caller: .apiKey(id: made.key.id, permissions: [.salesRead]))
            let start = Date().inMilliseconds
            // Two processes, each with its own memory of what it noted.
            for store in [world.keys, world.keys] {
                try await store.noteUse(scope, at: start)
                try await store.noteUse(scope, at: start.addingTimeInterval(59))
            }
            #expect(try await world.keys.list(ana.scope).items.first?.lastUsedAt == start)
            try await world.keys.noteUse(scope, at: start.addingTimeInterval(60))
            #expect(try await world.keys.list(ana.scope).items.first?.lastUsedAt == start.addingTimeInterval(60))
            try await world.keys.noteUse(ana.scope)
        }
    }
}
