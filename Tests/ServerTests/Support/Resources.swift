import Doubles
import Foundation
import JSON
import Logging
import Mongo
import Tenancy
import TestSupport
import Testing

@testable import Conversations

/// Makes things of a tenant through the API.
enum Resources {
    /// A new member of `collection` (`products`, …).
    static func make(_ collection: String, of tenant: Tenant) async throws -> String {
        let api = tenant.api
        switch collection {
        case "companies": return try await api.post("/api/companies", ["name": "Second"]).expect(201).id
        case "members": return try await tenant.join(as: "member").userId
        case "products":
            return try await api.post("/api/products", ["name": "Plan", "priceCents": 8900]).expect(201).id
        case "customers": return try await api.post("/api/customers", ["name": "Cleo"]).expect(201).id
        case "sales": return try await sale(of: tenant)
        case "api-keys":
            return try await api.post("/api/api-keys", ["name": "k", "scopes": ["sales:read"]]).expect(201).id
        case "conversations":
            return try await api.post("/api/conversations", ["title": "Hello", "platform": "web"]).expect(201).id
        case "accounts": return try await account(of: tenant)
        case "emails":
            let mail: JSONValue = [
                "messageId": .string("<\(UUID.v7().lowercased)@acme.example>"), "from": "billing@acme.example",
            ]
            return try await api.post("/api/emails", mail).expect(201).id
        case "sessions":
            _ = try await api.login(tenant)
            let sessions = try await api.get("/api/auth/sessions").expect(200).data
            return sessions.first { $0["current"] == false }?["id"]?.stringValue ?? ""
        case "mcp-servers":
            let body: JSONValue = [
                "name": "Tools", "slug": .string("s\(UUID.v7().lowercased.suffix(9))".replacing("-", with: "")),
                "url": .string(FakeMCP.endpoint(try await toolServer.value.address)),
            ]
            return try await api.post("/api/mcp-servers", body).expect(201).id
        case "webhooks":
            let body: JSONValue = ["url": "http://127.0.0.1:9/hook", "events": ["message.created"]]
            return try await api.post("/api/webhooks", body).expect(201).id
        case "llm-profiles": return try await profile(of: tenant)
        case "channels":
            let body: JSONValue = [
                "kind": "whatsapp", "name": "Support",
                "address": .string(String(Int.random(in: 1...Int.max))),
                "secrets": [
                    "accessToken": "t", "appSecret": "0123456789abcdef", "verifyToken": "v",
                ],
            ]
            return try await api.post("/api/channels", body).expect(201).id
        case "memories": return try await api.post("/api/memories", ["text": "Gate code 4411"]).expect(201).id
        case "leads": return try await lead(of: tenant)
        case "bookings": return try await booking(of: tenant)
        case "approvals": return try await approval(of: tenant)
        case "turns": return try await turn(of: tenant)
        default: throw Unknown(collection: collection)
        }
    }

    /// A linked account, as a consent leaves it.
    private static func account(of tenant: Tenant) async throws -> String {
        guard let company = UUID(strict: tenant.companyId), let user = UUID(strict: tenant.userId) else { return "" }
        let server = try await TestServer.shared
        return try await server.linkedAccount(company: company, user: user).lowercased
    }

    /// A tool that every MCP server has.
    static let toolName = "echo"
    private static let toolServer = Task { try await RunningDouble.start(FakeMCP()) }

    /// A message in a conversation.
    static func message(in conversation: String, of tenant: Tenant, _ role: String = "user") async throws -> String {
        var body: JSONObject = ["content": "Hi", "role": .string(role)]
        if role == "agent" { body["agentName"] = "mem" }
        return try await tenant.api.post("/api/conversations/\(conversation)/messages", .object(body)).expect(201).id
    }

    private static func sale(of tenant: Tenant) async throws -> String {
        let customer = try await make("customers", of: tenant)
        let product = try await make("products", of: tenant)
        let body: JSONValue = ["customerId": .string(customer), "productId": .string(product)]
        return try await tenant.api.post("/api/sales", body).expect(201).id
    }

    private static func profile(of tenant: Tenant) async throws -> String {
        try await tenant.api.post(
            "/api/llm-profiles",
            ["name": .string(UUID.v7().lowercased), "baseUrl": "https://llm.example.com/v1", "model": "m"]
        ).expect(201).id
    }

    /// An order that `@sales` drafted.
    private static func lead(of tenant: Tenant) async throws -> String {
        let name = "Plan \(UUID.v7().lowercased.suffix(8))"
        let product: JSONValue = ["name": .string(name), "priceCents": 8900]
        try await tenant.api.post("/api/products", product).expect(201)
        _ = try await tenant.api.talk(to: "sales", "buy \(name)", "2")
        return try await tenant.api.get("/api/leads").expect(200).data.first?["id"]?.stringValue ?? ""
    }

    /// A time that somebody asked `@sales` for.
    private static func booking(of tenant: Tenant) async throws -> String {
        let settings: JSONValue = ["settings": ["booking": ["daysAhead": 90, "openRequests": 20]]]
        try await tenant.api.patch("/api/companies/\(tenant.companyId)", settings).expect(200)
        _ = try await tenant.api.talk(to: "sales", "I need an appointment", "1")
        return try await tenant.api.get("/api/bookings").expect(200).data.first?["id"]?.stringValue ?? ""
    }

    /// A question of an agent's, put where the turn would put it.
    private static func approval(of tenant: Tenant) async throws -> String {
        let conversation = try #require(UUID(strict: try await make("conversations", of: tenant)))
        let company = TenantScope.forJob(companyId: try #require(UUID(strict: tenant.companyId)))
        let id = UUID.v7()
        let client = try await TestServer.shared.stores.mongo.client()
        defer { Task { await client.shutdown() } }
        let store = ConversationStore(client: client, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let draft = MessageDraft(role: .user, content: "@mail send 1")
        let trigger = try await store.append(draft, to: conversation, in: company).message
        let turn = Turn(
            id: .v7(), trigger: trigger, ordinal: 0, agent: "mail", isAddressed: true, notBefore: Date(),
            createdAt: Date())
        _ = try await store.approvals.request(
            Approval(
                id: id, turn: turn, callId: "call", tool: "mail_send", summary: "Send it", arguments: [:],
                argumentsHash: "0", createdAt: Date()),
            audience: try await store.conversation(conversation, in: company).audience)
        return id.lowercased
    }

    /// A turn that failed: the only kind that everything may be wished of.
    private static func turn(of tenant: Tenant) async throws -> String {
        let said = try await tenant.api.post("/api/agents/mem/chat", ["content": "list"]).expect(200)
        let id = try #require(said["turn"]["id"]?.stringValue)
        try await TestServer.shared.stores.withMongo { database in
            _ = try await database.collection("turns").update(
                one: [
                    "_id": .uuid(try #require(UUID(strict: id))),
                    "companyId": .uuid(try #require(UUID(strict: tenant.companyId))),
                ], ["$set": ["status": "failed"]])
        }
        return id
    }

    struct Unknown: Error { let collection: String }
}
