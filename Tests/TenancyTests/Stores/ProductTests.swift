import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct ProductTests {
    @Test func livesThroughItsLife() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let draft = ProductDraft(
                name: "Taza \"azul\" ☕️", description: "Une tasse", sku: "m-1", priceCents: 1250, currency: "EUR",
                metadata: ["tags": ["a", "b"], "n": 1.5, "big": 9_007_199_254_740_993])
            let made = try await world.products.create(scope, draft)
            #expect(made.name == draft.name && made.metadata == draft.metadata && made.version == 1)
            #expect(made.createdAt == made.createdAt.inMilliseconds)
            #expect(try await world.products.get(scope, made.id) == made)
            let patched = try await world.products.update(scope, made.id, ProductPatch(priceCents: .set(1300)))
            #expect(patched.priceCents == 1300 && patched.description == "Une tasse" && patched.version == 2)
            #expect(patched.updatedAt >= made.updatedAt)
            let replaced = try await world.products.replace(scope, made.id, ProductDraft(name: "Mug", priceCents: 5))
            #expect(replaced.description == nil && replaced.metadata.isEmpty && replaced.sku == nil)
            #expect(replaced.createdAt == made.createdAt)
            try await world.products.delete(scope, made.id)
            #expect(try await world.products.find(scope, made.id) == nil)
            await #expect(throws: NotFound.self) { try await world.products.delete(scope, made.id) }
        }
    }

    @Test func theJSONIsTheContracts() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let made = try await world.products.create(scope, ProductDraft(name: "Mug", priceCents: 5))
            let json = try #require(try JSONValue.parse(made.encoded).objectValue)
            #expect(
                json.keys == [
                    "id", "companyId", "name", "description", "sku", "priceCents", "currency", "active", "metadata",
                    "createdAt", "updatedAt",
                ])
            #expect(json["sku"] == .null && json["priceCents"] == 5 && json["metadata"] == [:])
        }
    }

    @Test func badValuesChangeNothing() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let made = try await world.products.create(scope, ProductDraft(name: "Mug", sku: "a", priceCents: 5))
            _ = try await world.products.create(scope, ProductDraft(name: "Cup", sku: "b", priceCents: 5))
            await #expect(throws: InvalidFields.self) {
                try await world.products.update(scope, made.id, ProductPatch(name: .set(""), priceCents: .set(-1)))
            }
            let taken = await #expect(throws: StoreConflict.self) {
                try await world.products.update(scope, made.id, ProductPatch(sku: .set("b")))
            }
            #expect(taken?.field == "sku")
            await #expect(throws: StoreConflict.self) {
                try await world.products.create(scope, ProductDraft(name: "Cup", sku: "b", priceCents: 5))
            }
            await #expect(throws: VersionMismatch(current: 1)) {
                try await world.products.update(scope, made.id, ProductPatch(name: .set("X")), ifVersion: 7)
            }
            #expect(try await world.products.get(scope, made.id) == made)
        }
    }

    @Test func ofManyGuardedChangesOneWins() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let made = try await world.products.create(scope, ProductDraft(name: "Mug", priceCents: 5))
            let results = await concurrently(8) { index in
                try await world.products.update(
                    scope, made.id, ProductPatch(priceCents: .set(Int64(index))), ifVersion: 1)
            }
            #expect(results.compactMap(\.value).count == 1)
            // Unguarded ones come one after the other, and none is lost.
            _ = await concurrently(8) { index in
                try await world.products.update(scope, made.id, ProductPatch(metadata: ["k\(index)": 1]))
            }
            #expect(try await world.products.get(scope, made.id).metadata.count == 8)
            #expect(try await world.products.get(scope, made.id).version == 10)
        }
    }

    @Test func pagesStayValidWhileRowsComeAndGo() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            var made: [UUID] = []
            for index in 0..<7 {
                made.append(try await world.products.create(scope, ProductDraft(name: "P\(index)", priceCents: 1)).id)
            }
            let first = try await world.products.list(scope, page: PageRequest(limit: 3))
            try await world.products.delete(scope, made[4])
            _ = try await world.products.create(scope, ProductDraft(name: "New", priceCents: 1))
            let second = try await world.products.list(scope, page: PageRequest(limit: 3, cursor: first.nextCursor))
            let third = try await world.products.list(scope, page: PageRequest(limit: 3, cursor: second.nextCursor))
            #expect(first.items.map(\.name) == ["P6", "P5", "P4"])
            #expect(second.items.map(\.name) == ["P3", "P2", "P1"])
            #expect(third.items.map(\.name) == ["P0"] && third.nextCursor == nil)
            await #expect(throws: InvalidFields.self) {
                try await world.customers.list(scope, page: PageRequest(cursor: first.nextCursor))
            }
        }
    }

    @Test func findsWords() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            let catalogue: [(String, String?, Bool)] = [
                ("Blue coffee mug", "Holds 300 ml", true), ("Café de Colombia", "Granos tostados", true),
                ("Teapot", "Goes with the coffee mug", true), ("Running shoes", "For men and women", true),
                ("Zapatillas de correr", "Muy ligeras", true), ("Old mug", nil, false),
            ]
            for (name, description, active) in catalogue {
                _ = try await world.products.create(
                    scope, ProductDraft(name: name, description: description, priceCents: 1, active: active))
            }
            func list(_ text: String) async throws -> [String] {
                try await world.products.list(scope, text: text).items.map(\.name)
            }
            #expect(try await list("mug").first != "Teapot")
            #expect(try await Set(list("MUGS")) == ["Blue coffee mug", "Teapot", "Old mug"])
            #expect(try await list("blue mug") == ["Blue coffee mug"])
            #expect(try await list("cafe") == ["Café de Colombia"])
            #expect(try await list("CAFÉ colomb") == ["Café de Colombia"])
            #expect(try await list("zapatilla") == ["Zapatillas de correr"])
            #expect(try await list("nothing like this").isEmpty)
            for text in ["'", "& | !", ":*", "a & b", "\\", "<->", "((", "%", "😀"] {
                #expect(try await list(text).isEmpty, "\(text)")
            }
        }
    }

    @Test func answersQuestions() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            for (name, active) in [
                ("Blue coffee mug", true), ("Teapot", true), ("Running shoes", true), ("Mug", false),
            ] {
                _ = try await world.products.create(
                    scope, ProductDraft(name: name, description: "The best of the shop", priceCents: 1, active: active))
            }
            func ask(_ question: String) async throws -> [String] {
                try await world.products.catalogSearch(scope, question: question).map(\.name)
            }
            #expect(try await ask("How much is the blue coffee mug?") == ["Blue coffee mug"])
            #expect(try await ask("do you have any run shoe, or a teapot").sorted() == ["Running shoes", "Teapot"])
            // The words every sentence has find nothing by themselves next to others.
            #expect(try await ask("what is the price of the bicycle").isEmpty)
            #expect(try await ask("").isEmpty)
            #expect(try await world.products.catalogSearch(scope, question: "shop", limit: 2).count == 2)
        }
    }

    @Test func pagesByRelevance() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            for index in 0..<7 {
                _ = try await world.products.create(
                    scope,
                    ProductDraft(
                        name: index % 2 == 0 ? "Mug \(index)" : "Cup \(index)", description: "a mug", priceCents: 1))
            }
            var names: [String] = []
            var cursor: String?
            repeat {
                let page = try await world.products.list(
                    scope, page: PageRequest(limit: 2, cursor: cursor), text: "mug")
                names += page.items.map(\.name)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(names == ["Mug 6", "Mug 4", "Mug 2", "Mug 0", "Cup 5", "Cup 3", "Cup 1"])
        }
    }

    @Test func thePlansLimitHolds() async throws {
        try await World.with { world in
            let scope = try await world.register().scope
            var limits = PlanTable.standard.limits(.free)
            limits[.products] = 3
            let three = limits
            let results = await concurrently(6) { index in
                try await world.products.create(scope, ProductDraft(name: "P\(index)", priceCents: 1), limits: three)
            }
            #expect(results.compactMap(\.value).count == 3)
            #expect(
                results.compactMap { $0.error as? QuotaExceeded }.map(\.figure) == ["products", "products", "products"])
        }
    }
}
