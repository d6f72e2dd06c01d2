import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct AuthenticatorTests {
    @Test func aPersonPicksOneOfTheirCompanies() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let second = try await world.companies.create(ownedBy: ana.user.id, CompanyDraft(name: "Second"))
            #expect(try await world.scope(ana.signedIn, company: second.id).companyId == second.id)
            #expect(try await world.scope(ana.signedIn).companyId == ana.scope.companyId)
            #expect(try await world.companies.list(of: ana.user.id).items.map(\.name) == ["Second", "Ana Ltd"])
            let eve = try await world.register("Eve")
            let foreign = await #expect(throws: NotFound.self) {
                try await world.scope(ana.signedIn, company: eve.scope.companyId)
            }
            let absent = await #expect(throws: NotFound.self) { try await world.scope(ana.signedIn, company: .v7()) }
            #expect(foreign == absent)
        }
    }

    @Test func aRemovedMemberIsOutAtOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            let issued = try await world.authenticator.tokens.user(
                joe.user.id, sessionId: joe.signedIn.sessionId, companyId: ana.scope.companyId)
            let credential = try await world.authenticator.verify(issued.token)
            _ = try await world.authenticator.identify(credential).scope()
            try await world.members.remove(ana.scope, joe.user.id)
            let identity = try await world.authenticator.identify(credential)
            #expect(throws: Unauthenticated.self) { try identity.scope() }
            #expect(identity.userId == joe.user.id)
            await #expect(throws: NotFound.self) {
                try await world.authenticator.identify(credential, companyHint: ana.scope.companyId)
            }
        }
    }

    @Test func aNewRoleCountsAtOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            _ = try await world.members.update(ana.scope, joe.user.id, role: .admin)
            #expect(try await world.scope(joe.signedIn, company: ana.scope.companyId).role == .admin)
        }
    }

    @Test func keysActForTheirCompanyUntilRevoked() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let made = try await world.keys.create(ana.scope, APIKeyDraft(name: "k", scopes: [.productsRead]))
            let credential = try await world.authenticator.verify(made.secret)
            let identity = try await world.authenticator.identify(credential)
            let scope = try identity.scope()
            #expect(scope.companyId == ana.scope.companyId)
            #expect(scope.permissions == [.productsRead])
            await #expect(throws: Forbidden.self) {
                try await world.products.create(scope, ProductDraft(name: "x", priceCents: 1))
            }
            await #expect(throws: NotFound.self) {
                try await world.authenticator.identify(credential, companyHint: .v7())
            }
            try await world.keys.revoke(ana.scope, made.key.id)
            await #expect(throws: Unauthenticated.self) { try await world.authenticator.identify(credential) }
            let guess = try await world.authenticator.verify(APIKeySecret(isTest: false).text)
            await #expect(throws: Unauthenticated.self) { try await world.authenticator.identify(guess) }
            await #expect(throws: Unauthenticated.self) { try await world.authenticator.verify("sb_live_nothing") }
        }
    }

    @Test func keysEnd() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let draft = APIKeyDraft(name: "k", scopes: [.productsRead], expiresAt: Date().addingTimeInterval(3600))
            let made = try await world.keys.create(ana.scope, draft)
            let credential = try await world.authenticator.verify(made.secret)
            #expect(try await world.authenticator.identify(credential).expiresAt == made.key.expiresAt)
            _ = try await world.client.query(
                "UPDATE api_keys SET expires_at = now() - interval '1 second'", settings: ana.scope.settings)
            await #expect(throws: Unauthenticated.self) { try await world.authenticator.identify(credential) }
        }
    }

    @Test func visitorsAreTheirCustomerUntilItIsGone() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let customer = try await world.customers.create(ana.scope)
            let token = try await world.authenticator.tokens.widget(
                companyId: ana.scope.companyId, customerId: customer.id)
            let credential = try await world.authenticator.verify(token.token)
            let scope = try await world.authenticator.identify(credential).scope()
            #expect(scope.customerId == customer.id && scope.companyId == ana.scope.companyId)
            _ = try await world.customers.delete(ana.scope, customer.id)
            await #expect(throws: Unauthenticated.self) { try await world.authenticator.identify(credential) }
        }
    }

    @Test func aCompanyThatIsNotActiveServesNobody() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let customer = try await world.customers.create(ana.scope)
            let key = try await world.keys.create(ana.scope, APIKeyDraft(name: "k", scopes: [.productsRead]))
            let visitor = try await world.authenticator.tokens.widget(
                companyId: ana.scope.companyId, customerId: customer.id)
            _ = try await world.companies.update(ana.scope, CompanyPatch(active: .set(false)))
            for bearer in [key.secret, visitor.token] {
                let credential = try await world.authenticator.verify(bearer)
                await #expect(throws: Forbidden.self) { try await world.authenticator.identify(credential) }
            }
            await #expect(throws: NotFound.self) {
                try await world.companies.byWidgetKey(ana.signedIn.company?.widgetKey ?? "")
            }
            // Its people can switch it on again.
            _ = try await world.companies.update(try await world.scope(ana.signedIn), CompanyPatch(active: .set(true)))
            _ = try await world.authenticator.identify(try await world.authenticator.verify(key.secret))
        }
    }

    @Test func theWidgetKeyOpensItsCompany() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let widget = try await world.companies.byWidgetKey(ana.signedIn.company?.widgetKey ?? "")
            #expect(widget.company.id == ana.scope.companyId)
            let secret = try await world.companies.widgetSecret(ana.scope)
            let hash = WidgetCompany.hash(of: "c-1", secret: (try? bytes(ofHex: secret)) ?? [])
            #expect(widget.vouches(for: "c-1", hash: hash))
            #expect(widget.vouches(for: "c-1", hash: hash.uppercased()))
            for (id, wrong) in [("c-2", hash), ("c-1", ""), ("c-1", String(hash.dropLast())), ("", hash)] {
                #expect(!widget.vouches(for: id, hash: wrong))
            }
            for key in ["", "sb_pub_", "sb_pub_%", "sb_live_x", "sb_pub_\0"] {
                await #expect(throws: NotFound.self) { try await world.companies.byWidgetKey(key) }
            }
        }
    }

    private func bytes(ofHex text: String) throws -> [UInt8] {
        stride(from: 0, to: text.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
    }

    @Test func identitiesSurviveTheCache() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let credential = try await world.authenticator.verify(ana.signedIn.token)
            let identity = try await world.authenticator.identify(credential)
            let cached = try #require(Identity(cached: try JSONValue.parse(identity.encoded)))
            #expect(try cached.scope() == ana.scope)
        }
    }

    @Test func whoIsNowhereCanStillMakeACompany() async throws {
        try await World.with { world in
            let ana = try await world.register()
            _ = try await world.companies.delete(ana.scope)
            let again = try await world.refresh(ana.signedIn.refreshToken)
            #expect(again.company == nil)
            let identity = try await world.authenticator.identify(try await world.authenticator.verify(again.token))
            #expect(throws: Forbidden.self) { try identity.scope() }
            let company = try await world.companies.create(
                ownedBy: try #require(identity.userId), CompanyDraft(name: "New"))
            #expect(try await world.scope(again).companyId == company.id)
        }
    }
}
