import Foundation
import JSON
import Testing

@testable import Tenancy

@Suite struct DraftTests {
    @Test func allFaultsAreTold() {
        let draft = ProductDraft(
            name: "", description: String(repeating: "x", count: 10_001), sku: "", priceCents: -1, currency: "euro",
            metadata: ["big": .string(String(repeating: "x", count: 65_536))])
        #expect(draft.problems.map(\.field) == ["name", "description", "sku", "priceCents", "currency", "metadata"])
    }

    @Test(arguments: [" ", "\n\t", "\u{00A0}"])
    func blankIsEmpty(name: String) {
        #expect(ProductDraft(name: name, priceCents: 1).problems.map(\.code) == ["required"])
    }

    @Test func lengthsCountScalars() {
        #expect(ProductDraft(name: String(repeating: "é", count: 200), priceCents: 1).problems.isEmpty)
        #expect(ProductDraft(name: String(repeating: "e\u{301}", count: 101), priceCents: 1).problems.count == 1)
        #expect(ProductDraft(name: "a\0b", priceCents: 1).problems.map(\.code) == ["invalid"])
    }

    @Test(arguments: ["EUR", "USD"]) func currencies(code: String) {
        #expect(ProductDraft(name: "x", priceCents: 1, currency: code).problems.isEmpty)
    }

    @Test(arguments: ["", "eur", "EURO", "E1R", "ÄÖÜ"]) func noCurrencies(code: String) {
        #expect(ProductDraft(name: "x", priceCents: 1, currency: code).problems.map(\.field) == ["currency"])
    }

    @Test func aPatchKeepsWhatIsNotGiven() {
        let draft = ProductDraft(
            name: "Mug", description: "Blue", sku: "m1", priceCents: 500, metadata: ["a": 1, "b": ["c": 2]])
        var patch = ProductPatch(priceCents: .set(600))
        #expect(patch.applied(to: draft).priceCents == 600)
        #expect(patch.applied(to: draft).description == "Blue")
        patch.description = .set(nil)
        patch.metadata = ["a": nil, "b": ["d": 3]]
        let changed = patch.applied(to: draft)
        #expect(changed.description == nil)
        #expect(changed.metadata == ["b": ["c": 2, "d": 3]])
    }

    @Test func theAmountIsPriceTimesQuantityAsLongAsItIsOne() throws {
        var draft = SaleDraft(customerId: UUID(), productId: UUID(), quantity: 3)
        #expect(try draft.amount(priceCents: 250) == 750)
        draft.amountCents = 1
        #expect(try draft.amount(priceCents: 250) == 1)
        draft.amountCents = nil
        draft.quantity = 1_000_000
        #expect(throws: InvalidFields.self) { try draft.amount(priceCents: 1_000_000_000_000) }
        #expect(throws: InvalidFields.self) { try draft.amount(priceCents: 1_000_001) }
    }

    @Test func nobodyCanBeTheWidgetsAgent() {
        #expect(CompanySettings([:]).widgetAgent == "sales")
        let none = CompanySettings.initial.merged(with: ["widgetAgent": nil, "free": "kept"])
        #expect(none.widgetAgent == nil)
        #expect(none.object["free"] == "kept")
        #expect(none.merged(with: ["widgetAgent": "support"]).widgetAgent == "support")
        #expect(CompanyDraft(name: "x", settings: ["widgetAgent": 3]).problems.map(\.field) == ["settings.widgetAgent"])
        #expect(CompanyDraft(name: "x", settings: ["widget": ["allowedOrigins": "*"]]).problems.count == 1)
    }

    @Test(arguments: ["a@b.co", "Ana.Maria+tag@Example.COM", "0@A.com", "ñandú@correo.es", "a@localhost"])
    func addresses(text: String) {
        #expect(EmailAddress(text)?.text == text.lowercased())
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b.co", "a b@c.de", "a@b..c", "a@.b", "a@b.", "a@-b.c", "a@b-.c", "<a@b.c>", "a\0@b.c",
        "a@b\n.c", "a@b@c d", String(repeating: "x", count: 65) + "@b.co",
        "a@" + String(repeating: "b", count: 64) + ".co",
    ])
    func noAddresses(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func addressesAreOneWhateverTheirSpelling() {
        #expect(EmailAddress("JOSE\u{301}@x.es") == EmailAddress("josé@x.es"))
    }

    @Test func aDeviceFitsItsColumns() {
        let device = Device(
            userAgent: "a\0" + String(repeating: "e\u{301}", count: 600), ip: String(repeating: "1", count: 99))
        #expect(device.userAgent?.unicodeScalars.count == 512)
        #expect(device.userAgent?.contains("\0") == false)
        #expect(device.ip?.count == 64)
    }

    @Test func theUnnamedCompanyIsNamedAfterThePerson() {
        #expect(Registration(email: "ana@x.es", password: "12345678").company == "ana's company")
        #expect(Registration(email: "ana@x.es", password: "12345678", companyName: "Acme").company == "Acme")
        let long = Registration(email: "a@x.es", password: "12345678", name: String(repeating: "n", count: 200))
        #expect(long.company.unicodeScalars.count == 200)
    }
}
