import Foundation
import Testing

@testable import Tenancy

/// What a request with an `Idempotency-Key` makes when its first run died before it could answer.
@Suite struct RunAgainTests {
    @Test func aCompanyIsFoundedOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let id = UUID.v7()
            let first = try await world.companies.create(ownedBy: ana.user.id, CompanyDraft(name: "Second"), id: id)
            let again = try await world.companies.create(ownedBy: ana.user.id, CompanyDraft(name: "Second"), id: id)
            #expect(first.id == id && again == first)
            #expect(try await world.companies.list(of: ana.user.id).items.count == 2)
        }
    }

    /// Nobody saw the first run's secret, so the key gets a new one and the lost one opens nothing.
    @Test func aKeyIsMadeOnceAndItsLastSecretCounts() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let draft = APIKeyDraft(name: "till", scopes: [.salesRead])
            let id = UUID.v7()
            var limits = PlanTable.standard.limits(.free)
            limits[.apiKeys] = 1
            let lost = try await world.keys.create(ana.scope, draft, id: id, limits: limits)
            let kept = try await world.keys.create(ana.scope, draft, id: id, limits: limits)
            #expect(lost.key.id == id && kept.key.id == id && kept.secret != lost.secret)
            #expect(try await world.keys.list(ana.scope).items.map(\.id) == [id])
            let credential = try await world.authenticator.verify(kept.secret)
            #expect(try await world.authenticator.identify(credential).companyId == ana.scope.companyId)
            let old = try await world.authenticator.verify(lost.secret)
            await #expect(throws: Unauthenticated.self) { try await world.authenticator.identify(old) }
        }
    }

    /// The row of the first run is the one that reached the quota, and is no reason to refuse the second.
    @Test func aQuotaDoesNotRefuseWhatIsThere() async throws {
        try await World.with { world in
            let ana = try await world.register()
            var limits = PlanTable.standard.limits(.free)
            limits[.products] = 1
            let draft = ProductDraft(name: "Bell", priceCents: 1200, currency: "EUR")
            let id = UUID.v7()
            let first = try await world.products.create(ana.scope, draft, id: id, limits: limits)
            #expect(try await world.products.create(ana.scope, draft, id: id, limits: limits) == first)
            await #expect(throws: QuotaExceeded.self) {
                try await world.products.create(ana.scope, draft, id: .v7(), limits: limits)
            }
        }
    }
}
