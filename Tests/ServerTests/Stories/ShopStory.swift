import JSON
import TestSupport
import Testing

/// The README's second story: a company sells through its web chat.
@Suite struct ShopStory {
    @Test func sellsThroughTheWidget() async throws {
        let shop = try await TestServer.shared.api.register("Lyrox")
        let company = "/api/companies/\(shop.companyId)"
        try await shop.api.patch(company, ["brandPersonality": "energetic and friendly"]).expect(200)
        let product = try await shop.api.post(
            "/api/products", ["name": "12 week plan", "priceCents": 8900, "currency": "EUR", "sku": "P12"]
        ).expect(201).id
        let visitor = try await shop.visitor()
        let conversation = try #require(try await visitor.get("/api/conversations").data.first?["id"]?.stringValue)
        let asked = try await visitor.with(header: "Prefer", "wait=20").post(
            "/api/conversations/\(conversation)/messages", ["content": "@sales how much is the 12 week plan?"]
        ).expect(201)
        let reply = try #require(asked["replies"].arrayValue?.first)
        #expect(reply["content"]?.stringValue?.contains("89") == true && reply["agentName"] == "sales")
        #expect(reply["inReplyTo"] == asked["id"] && reply["role"] == "agent")
        #expect(asked.headers["preference-applied"] == "wait=20")
        let seen = try await shop.api.get("/api/conversations/\(conversation)").expect(200)
        let customer = try #require(seen["customerId"].stringValue)
        let sale: JSONValue = [
            "customerId": .string(customer), "productId": .string(product), "conversationId": .string(conversation),
        ]
        #expect(try await shop.api.post("/api/sales", sale).expect(201)["amountCents"] == 8900)
        try await shop.api.patch("/api/conversations/\(conversation)", ["status": "archived"]).expect(200)
        #expect(try await shop.api.get("/api/conversations?status=archived").data.count == 1)
        let log = try #require(try await shop.api.get("/api/agent-logs").expect(200).data.first)
        #expect(log["agent"] == "sales" && log["conversationId"] == .string(conversation))
    }
}
