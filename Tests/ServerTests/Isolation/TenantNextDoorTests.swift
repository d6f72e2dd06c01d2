import Foundation
import JSON
import TestSupport
import Testing

/// What somebody tries who has an account of their own, and a debugger.
@Suite struct TenantNextDoorTests {
    private func pair() async throws -> (Tenant, Tenant) {
        let api = try await TestServer.shared.api
        return (try await api.register("Ana"), try await api.register("Eve"))
    }

    @Test func anotherCompanysHeaderIsNotFound() async throws {
        let (ana, eve) = try await pair()
        for id in [ana.companyId, UUID.v7().lowercased, "x"] {
            let answer = try await eve.api.with(header: "X-Company-Id", id).get("/api/products")
            #expect(answer.status == 404 && answer.code == "not_found")
        }
        let key = try await eve.key("products:read").with(header: "X-Company-Id", ana.companyId)
        #expect(try await key.get("/api/products").status == 404)
        let visitor = try await eve.visitor().with(header: "X-Company-Id", ana.companyId)
        #expect(try await visitor.get("/api/conversations").status == 404)
    }

    @Test func foreignIdsInBodiesLookLikeUnknownOnes() async throws {
        let (ana, eve) = try await pair()
        let api = eve.api.with(header: "X-Request-Id", "same")
        let customer = try await Resources.make("customers", of: ana)
        let product = try await Resources.make("products", of: ana)
        func sell(_ customer: String, _ product: String) async throws -> API.Answer {
            try await api.post("/api/sales", ["customerId": .string(customer), "productId": .string(product)])
        }
        let foreign = try await sell(customer, product)
        #expect(try await sell(UUID.v7().lowercased, UUID.v7().lowercased).bytes == foreign.bytes)
        #expect((400...422).contains(foreign.status))
        let open = try await api.post("/api/conversations", ["customerId": .string(customer)])
        let unknown = try await api.post("/api/conversations", ["customerId": .string(UUID.v7().lowercased)])
        #expect(open.status == 400 && open.bytes == unknown.bytes)
        let assigned = try await api.post("/api/conversations", ["assignee": .string(ana.userId)])
        #expect(assigned.status == 400)
    }

    @Test func changesCannotPointAtStrangersEither() async throws {
        let (ana, eve) = try await pair()
        let conversation = try await Resources.make("conversations", of: eve)
        let answer = try await eve.api.patch("/api/conversations/\(conversation)", ["assignee": .string(ana.userId)])
        #expect(answer.status == 400)
    }

    @Test func listsAndSearchesShowOnlyOnesOwn() async throws {
        let (ana, eve) = try await pair()
        for collection in ["products", "customers", "sales", "conversations", "api-keys", "mcp-servers", "webhooks"] {
            _ = try await Resources.make(collection, of: ana)
            #expect(try await eve.api.get("/api/\(collection)").expect(200).data.isEmpty, "\(collection)")
        }
        #expect(try await eve.api.get("/api/customers?q=Cleo").data.isEmpty)
        #expect(try await eve.api.get("/api/products?q=plan").data.isEmpty)
        #expect(try await eve.api.get("/api/conversations?q=Hello").data.isEmpty)
        #expect(try await eve.api.get("/api/members").data.count == 1)
        #expect(try await eve.api.get("/api/companies").data.map { $0["id"] } == [.string(eve.companyId)])
    }

    @Test func cursorsOfOthersOpenNothing() async throws {
        let (ana, eve) = try await pair()
        for _ in 0..<3 { _ = try await Resources.make("products", of: ana) }
        let cursor = try #require(try await ana.api.get("/api/products?limit=1")["nextCursor"].stringValue)
        #expect(try await eve.api.get("/api/products?cursor=\(cursor)").data.isEmpty)
        #expect(try await ana.api.get("/api/customers?cursor=\(cursor)").status == 400)
    }

    @Test func internalConversationsAreOnesOwn() async throws {
        let (ana, _) = try await pair()
        let joe = try await ana.join(as: "member")
        let id = try await joe.api.post("/api/conversations", ["title": "Private"]).expect(201).id
        let key = try await ana.key("conversations:read", "conversations:write")
        for stranger in [ana.api, key] {
            #expect(try await stranger.get("/api/conversations/\(id)").status == 404)
            #expect(try await stranger.get("/api/conversations/\(id)/messages").status == 404)
            #expect(try await stranger.get("/api/conversations/\(id)/events").status == 404)
            #expect(try await stranger.post("/api/conversations/\(id)/messages", ["content": "Hi"]).status == 404)
            #expect(try await stranger.patch("/api/conversations/\(id)", ["title": "Mine"]).status == 404)
            #expect(try await stranger.delete("/api/conversations/\(id)").status == 404)
            #expect(try await stranger.get("/api/conversations?q=Private").data.isEmpty)
            let chat: JSONValue = ["content": "list", "conversationId": .string(id)]
            #expect(try await stranger.post("/api/agents/mem/chat", chat).status == 404)
        }
        #expect(try await joe.api.get("/api/conversations/\(id)").status == 200)
    }

    @Test func rolesDoNotGrow() async throws {
        let (ana, _) = try await pair()
        let admin = try await ana.join(as: "admin")
        let member = try await ana.join(as: "member")
        let path = "/api/members/\(admin.userId)"
        #expect(try await admin.api.patch(path, ["role": "owner"]).status == 403)
        #expect(try await admin.api.patch("/api/members/\(ana.userId)", ["role": "member"]).status == 403)
        #expect(try await admin.api.delete("/api/members/\(ana.userId)").status == 403)
        #expect(try await member.api.patch("/api/members/\(member.userId)", ["role": "admin"]).status == 403)
        #expect(try await admin.api.put("/api/subscription", ["plan": "business"]).status == 403)
        #expect(try await admin.api.delete("/api/companies/\(ana.companyId)").status == 403)
        let scopes: JSONValue = ["name": "k", "scopes": ["subscription:write"]]
        #expect(try await admin.api.post("/api/api-keys", scopes).status == 400)
        let key = try await ana.key("api-keys:write")
        #expect(try await key.post("/api/api-keys", ["name": "k", "scopes": ["sales:read"]]).status == 400)
    }
}
