import Foundation
import JSON
import TestSupport
import Testing

/// Products, customers, sales and the company itself.
@Suite struct CatalogueTests {
    @Test func absentIsKeptAndNullEmpties() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post(
            "/api/customers", ["name": "Cleo", "email": "c@example.com", "phone": "+34 600", "metadata": ["a": 1]]
        ).expect(201)
        let path = "/api/customers/\(made.id)"
        #expect(made.headers["location"] == path)
        let changed = try await ana.api.patch(path, ["phone": nil]).expect(200)
        #expect(changed["phone"] == .null && changed["name"] == "Cleo" && changed["metadata"] == ["a": 1])
        #expect(try await ana.api.patch(path, [:]).expect(200)["email"] == "c@example.com")
        let product = "/api/products/\(try await Resources.make("products", of: ana))"
        #expect(try await ana.api.patch(product, ["name": nil]).status == 400)
        #expect(try await ana.api.patch(product, ["description": nil]).expect(200)["description"] == .null)
    }

    @Test func replacingResetsWhatIsLeftOut() async throws {
        let ana = try await TestServer.shared.api.register()
        let full: JSONValue = ["name": "Plan", "priceCents": 1, "sku": "P", "active": false, "description": "d"]
        let path = "/api/products/\(try await ana.api.post("/api/products", full).expect(201).id)"
        let after = try await ana.api.put(path, ["name": "New", "priceCents": 2]).expect(200)
        #expect(after["sku"] == .null && after["active"] == true && after["description"] == .null)
        #expect(try await ana.api.put(path, ["name": "New"]).status == 400)
    }

    @Test func externalIdsAreUnique() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/customers", ["externalId": "e-1"]).expect(201)
        let again = try await ana.api.post("/api/customers", ["externalId": "e-1"])
        #expect(again.status == 409 && again.code == "conflict")
        #expect(try await ana.api.get("/api/customers?externalId=e-1").data.count == 1)
        #expect(try await ana.api.get("/api/customers?externalId=e-2").data.isEmpty)
    }

    @Test func searchFinds() async throws {
        let ana = try await TestServer.shared.api.register()
        let products: [JSONValue] = [
            ["name": "Marathon plan", "priceCents": 1],
            ["name": "Shoes", "priceCents": 2, "description": "for a marathon"],
            ["name": "Socks", "priceCents": 3],
        ]
        for product in products { try await ana.api.post("/api/products", product).expect(201) }
        #expect(try await ana.api.get("/api/products?q=marathon").data.count == 2)
        #expect(try await ana.api.get("/api/products?q=marathon").data.first?["name"] == "Marathon plan")
        try await ana.api.post("/api/customers", ["name": "Zoë Müller", "email": "zoe@example.com"]).expect(201)
        for text in ["zo%C3%AB", "m%C3%BCller", "zoe@exa"] {
            #expect(try await ana.api.get("/api/customers?q=\(text)").data.count == 1, "\(text)")
        }
    }

    @Test func pagesStayStable() async throws {
        let ana = try await TestServer.shared.api.register()
        for number in 0..<7 {
            try await ana.api.post("/api/customers", ["name": .string("c\(number)")]).expect(201)
        }
        var names: [String] = []
        var cursor = ""
        repeat {
            let answer = try await ana.api.get("/api/customers?limit=2" + (cursor.isEmpty ? "" : "&cursor=\(cursor)"))
            names += try answer.expect(200).data.compactMap { $0["name"]?.stringValue }
            cursor = answer["nextCursor"].stringValue ?? ""
            try await ana.api.post("/api/customers", ["name": "late"]).expect(201)
        } while !cursor.isEmpty && names.count < 30
        let old = names.filter { $0 != "late" }
        #expect(Set(old) == Set((0..<7).map { "c\($0)" }) && old.count == 7)
    }

    @Test func salesFollowTheCatalogue() async throws {
        let ana = try await TestServer.shared.api.register()
        let customer = JSONValue.string(try await Resources.make("customers", of: ana))
        let product = JSONValue.string(try await Resources.make("products", of: ana))
        let sale = try await ana.api.post(
            "/api/sales", ["customerId": customer, "productId": product, "quantity": 3]
        ).expect(201)
        #expect(sale["amountCents"] == 26700 && sale["status"] == "pending")
        try await ana.api.patch("/api/sales/\(sale.id)", ["status": "nonsense"]).expect(400)
        #expect(try await ana.api.get("/api/sales?customerId=\(customer.stringValue ?? "")").data.count == 1)
        try await ana.api.delete("/api/products/\(product.stringValue ?? "")").expect(204)
        #expect(try await ana.api.get("/api/sales/\(sale.id)").expect(200)["productId"] == .null)
        try await ana.api.get("/api/sales/\(sale.id)").expect(200)
    }

    @Test func aCompanyCanBeChanged() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/companies/\(ana.companyId)"
        let changed = try await ana.api.patch(path, ["settings": ["widget": ["greeting": "Hola"]], "industry": "x"])
        #expect(changed.status == 200 && changed["settings"]["widget"]?["greeting"] == "Hola")
        #expect(changed["settings"]["widgetAgent"] == "sales")
        let config = try await ana.api.get("/api/widget/config?key=\(ana.widgetKey)").expect(200)
        #expect(config["greeting"] == "Hola")
        #expect(!String(decoding: changed.bytes, as: UTF8.self).contains("ecret"))
    }

    @Test func peopleHaveSeveralCompanies() async throws {
        let ana = try await TestServer.shared.api.register()
        let second = try await ana.api.post("/api/companies", ["name": "Second"]).expect(201)
        #expect(try await ana.api.get("/api/companies").data.count == 2)
        _ = try await Resources.make("products", of: ana)
        let there = ana.api.with(header: "X-Company-Id", second.id)
        #expect(try await there.get("/api/products").expect(200).data.isEmpty)
        #expect(try await there.get("/api/auth/me").expect(200)["company"]["id"] == .string(second.id))
    }

    @Test func plansCanBeChanged() async throws {
        let ana = try await TestServer.shared.api.register()
        #expect(try await ana.api.get("/api/subscription").expect(200)["plan"] == "free")
        let changed = try await ana.api.put("/api/subscription", ["plan": "pro"]).expect(200)
        #expect(changed["plan"] == "pro" && changed["limits"]["members"] != nil)
        #expect(try await ana.api.put("/api/subscription", ["plan": "gold"]).status == 400)
        #expect(try await ana.api.get("/api/companies/\(ana.companyId)")["subscriptionPlan"] == "pro")
    }
}
