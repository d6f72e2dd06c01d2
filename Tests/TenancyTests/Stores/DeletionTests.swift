import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct DeletionTests {
    private func makeDue(_ world: World) async throws {
        _ = try await world.client.query("UPDATE deletions SET due_at = now()", settings: .sweeper)
    }

    @Test func aDeletedCustomerTakesAlongWhatHangsOnIt() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let product = try await world.products.create(ana.scope, ProductDraft(name: "Mug", priceCents: 1))
            let customer = try await world.customers.create(ana.scope)
            let sale = try await world.sales.create(
                ana.scope, SaleDraft(customerId: customer.id, productId: product.id))
            _ = try await world.memories.save(ana.worker, "likes mugs", subject: .customer(customer.id))
            _ = try await world.states.put(ana.worker, agent: "sales", ["a": 1], subject: .customer(customer.id))
            let deletion = try await world.customers.delete(ana.scope, customer.id)
            #expect(deletion.kind == .customer && deletion.targetId == customer.id)
            #expect(try await world.sales.find(ana.scope, sale.id) == nil)
            #expect(try await world.memories.list(ana.worker, subject: .customer(customer.id)).items.isEmpty)
            #expect(try await world.states.find(ana.worker, agent: "sales", subject: .customer(customer.id)) == nil)
            // Half a minute belongs to the request itself.
            #expect(try await world.deletions.due().isEmpty)
            try await makeDue(world)
            let due = try await world.deletions.due()
            #expect(due.map(\.id) == [deletion.id] && due.map(\.attempts) == [1])
            #expect(try await world.deletions.due().isEmpty, "it is handed out once a minute")
            try await makeDue(world)
            #expect(try await world.deletions.due().map(\.attempts) == [2], "who died is followed by another")
            try await world.deletions.done(deletion)
            try await world.deletions.done(deletion)
            #expect(try await world.deletions.pending() == 0)
        }
    }

    @Test func aDeletedCompanyLeavesOnlyTheIntent() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            _ = try await StoreIsolationTests.Things(world, ana)
            for scope in [joe.scope, ana.worker] {
                await #expect(throws: Forbidden.self) { try await world.companies.delete(scope) }
            }
            let deletion = try await world.companies.delete(ana.scope)
            #expect(deletion.kind == .company && deletion.targetId == ana.scope.companyId)
            for table in RowSecurityTests.tables where table != "deletions" {
                let rows = try await world.client.query(
                    "SELECT count(*) AS count FROM \(raw: table)", settings: .company(ana.scope.companyId))
                #expect(try rows.one().get("count", as: Int.self) == 0, "\(table)")
            }
            #expect(try await world.deletions.pending() == 1)
            await #expect(throws: NotFound.self) { try await world.companies.delete(ana.scope) }
            #expect(try await world.deletions.pending() == 1)
            _ = try await world.scope(joe.signedIn)
        }
    }

    @Test func theSweeperSharesTheWork() async throws {
        try await World.with { world in
            let ana = try await world.register()
            for _ in 0..<12 {
                let customer = try await world.customers.create(ana.scope)
                _ = try await world.customers.delete(ana.scope, customer.id)
            }
            try await makeDue(world)
            let results = await concurrently(4) { _ in try await world.deletions.due(limit: 5) }
            let ids = results.compactMap(\.value).flatMap { $0.map(\.id) }
            #expect(ids.count == 12 && Set(ids).count == 12)
        }
    }

    @Test func nothingIsIntendedWhenNothingIsDeleted() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let customer = try await world.customers.create(ana.scope)
            await #expect(throws: NotFound.self) { try await world.customers.delete(ana.scope, .v7()) }
            await #expect(throws: VersionMismatch.self) {
                try await world.customers.delete(ana.scope, customer.id, ifVersion: 9)
            }
            #expect(try await world.deletions.pending() == 0)
        }
    }
}
