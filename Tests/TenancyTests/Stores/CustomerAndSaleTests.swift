import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct CustomerAndSaleTests {
    @Test func externalIdsAreUniqueInTheCompany() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let made = try await world.customers.create(scope, CustomerDraft(externalId: "c-1"))
            let taken = await #expect(throws: StoreConflict.self) {
                try await world.customers.create(scope, CustomerDraft(externalId: "c-1"))
            }
            #expect(taken?.field == "externalId" && taken?.code == "taken")
            let other = try await world.customers.create(scope)
            await #expect(throws: StoreConflict.self) {
                try await world.customers.update(scope, other.id, CustomerPatch(externalId: .set("c-1")))
            }
            #expect(try await world.customers.find(scope, externalId: "c-1") == made)
            #expect(try await world.customers.list(scope, externalId: "c-1").items == [made])
            #expect(try await world.customers.find(scope, externalId: "C-1") == nil)
        }
    }

    @Test func manyVisitsAtOnceAreOneCustomer() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let results = await concurrently(12) { index in
                try await world.customers.findOrCreate(
                    scope, CustomerDraft(externalId: "c-1", name: index % 2 == 0 ? "Carla" : nil))
            }
            #expect(results.compactMap(\.value).count == 12)
            #expect(Set(results.compactMap { $0.value?.customer.id }).count == 1)
            #expect(results.compactMap { $0.value?.created }.filter { $0 }.count == 1)
            let again = try await world.customers.findOrCreate(
                scope, CustomerDraft(externalId: "c-1", name: "Mallory", phone: "1"))
            #expect(again.customer.name == "Carla" && again.customer.phone == "1" && !again.created)
        }
    }

    @Test func findsByNameAddressAndNumber() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let maria = try await world.customers.create(
                scope, CustomerDraft(name: "María Núñez", email: "mn@example.com", phone: "+34 600"))
            let percent = try await world.customers.create(scope, CustomerDraft(name: "100% Juice_Bar"))
            for text in ["maria", "NÚÑEZ", "nunez", "MN@EX", "+34", "ría nú"] {
                #expect(try await world.customers.searchIds(scope, text: text) == [maria.id], "\(text)")
            }
            #expect(try await world.customers.searchIds(scope, text: "%") == [percent.id])
            #expect(try await world.customers.searchIds(scope, text: "_") == [percent.id])
            #expect(try await world.customers.searchIds(scope, text: "").isEmpty)
            #expect(try await world.customers.list(scope, text: "maria").items == [maria])
        }
    }

    @Test func salesTakePriceAndCurrencyFromTheProduct() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let product = try await world.products.create(
                scope, ProductDraft(name: "Mug", priceCents: 250, currency: "EUR"))
            let customer = try await world.customers.create(scope)
            let sale = try await world.sales.create(
                scope, SaleDraft(customerId: customer.id, productId: product.id, quantity: 3))
            #expect(sale.amountCents == 750 && sale.currency == "EUR" && sale.status == .pending)
            let other = try await world.sales.create(
                scope,
                SaleDraft(
                    customerId: customer.id, productId: product.id, amountCents: 1, currency: "USD", status: .paid))
            #expect(other.amountCents == 1 && other.currency == "USD")
            #expect(try await world.sales.list(scope, status: .paid).items == [other])
            #expect(try await world.sales.list(scope, customerId: customer.id).items == [other, sale])
            let paid = try await world.sales.update(scope, sale.id, SalePatch(status: .set(.paid)), ifVersion: 1)
            #expect(paid.status == .paid && paid.amountCents == 750 && paid.version == 2)
            await #expect(throws: InvalidFields.self) {
                try await world.sales.update(scope, sale.id, SalePatch(quantity: .set(0)))
            }
            // The sale stays when the product goes.
            try await world.products.delete(scope, product.id)
            #expect(try await world.sales.get(scope, sale.id).productId == nil)
        }
    }

    @Test func sellingWhatIsBeingDeletedIsEitherOr() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let customer = try await world.customers.create(scope)
            for _ in 0..<6 {
                let product = try await world.products.create(scope, ProductDraft(name: "Mug", priceCents: 1))
                let results = await concurrently(6) { index in
                    if index == 0 {
                        try await world.products.delete(scope, product.id)
                    } else {
                        _ = try await world.sales.create(
                            scope, SaleDraft(customerId: customer.id, productId: product.id))
                    }
                }
                for error in results.compactMap(\.error) { #expect(error is InvalidFields, "\(error)") }
                #expect(try await world.products.find(scope, product.id) == nil)
                #expect(try await world.sales.list(scope, productId: product.id).items.isEmpty)
            }
        }
    }
}
