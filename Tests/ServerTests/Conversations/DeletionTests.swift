import Conversations
import Foundation
import JSON
import Mongo
import Postgres
import Redis
import Tenancy
import TestSupport
import Testing

/// Deleting a customer or a company takes everything along, in all three stores.
@Suite struct DeletionTests {
    private func filled(_ server: TestServer) async throws -> (Tenant, customer: String, conversation: String) {
        let ana = try await server.api.register()
        let customer = try await Resources.make("customers", of: ana)
        let body: JSONValue = ["customerId": .string(customer), "message": ["content": "Hello"]]
        let id = try await ana.api.post("/api/conversations", body).expect(201).id
        return (ana, customer, id)
    }

    private func documents(_ server: TestServer, of tenant: Tenant) async throws -> Int {
        let company = try #require(UUID(strict: tenant.companyId))
        return try await server.stores.withMongo { database in
            var count = 0
            for name in ["conversations", "messages"] {
                count += try await database.collection(name).find(
                    ["companyId": .uuid(company), "deletedAt": .null], limit: 100
                ).count
            }
            return count
        }
    }

    private func keys(_ server: TestServer, of tenant: Tenant) async throws -> Int {
        try await RedisClient.with(url: server.stores.redis) { client in
            let answer = try await client.send(["KEYS", "sb:{\(tenant.companyId)}:*"])
            guard case .array(let keys) = answer else { return 0 }
            return keys.count
        }
    }

    @Test func aCustomersConversationsGo() async throws {
        let server = try await TestServer.shared
        let (ana, customer, conversation) = try await filled(server)
        try await ana.api.delete("/api/customers/\(customer)").expect(204)
        #expect(try await ana.api.get("/api/conversations/\(conversation)").status == 404)
        try await eventually("the documents are gone") { try await documents(server, of: ana) == 0 }
    }

    /// What agents kept of the conversation and still had to do in it.
    private func agentTraces(_ server: TestServer, of tenant: Tenant) async throws -> [String: Int] {
        let company = try #require(UUID(strict: tenant.companyId))
        var counts = try await server.stores.withMongo { database in
            var counts: [String: Int] = [:]
            for name in ["turns", "agentToolCalls", "approvals", "messages"] {
                counts[name] = try await database.collection(name).find(["companyId": .uuid(company)], limit: 100).count
            }
            return counts
        }
        for (name, table) in [("agent_state", "agent_state"), ("memories", "memories")] as [(String, SQL)] {
            let rows = try await server.stores.postgres.withClient { client in
                try await client.query(
                    "SELECT count(*) AS count FROM \(fragment: table) WHERE subject_kind = 'conversation'",
                    settings: ["app.company_id": tenant.companyId])
            }
            counts[name] = try #require(rows.first).get("count")
        }
        return counts
    }

    /// A conversation in which `@mail` drafted something and waits for leave to send it.
    private func worked(_ server: TestServer) async throws -> (Tenant, conversation: String) {
        let ana = try await server.api.register()
        let id = try await ana.api.post("/api/conversations", ["title": "Work"]).expect(201).id
        _ = try await ana.api.say("@mail draft to bob@example.com: Hi | body", in: id)
        _ = try await ana.api.say("@mail send 1", in: id)
        let company = try #require(UUID(strict: ana.companyId)), conversation = try #require(UUID(strict: id))
        try await server.stores.postgres.withClient { client in
            _ = try await MemoryStore(client).save(
                .forJob(companyId: company), "the parcel is blue", subject: .conversation(conversation))
        }
        let traces = try await agentTraces(server, of: ana)
        #expect(traces.values.allSatisfy { $0 > 0 }, "\(traces)")
        return (ana, id)
    }

    @Test func whatAgentsKeptOfAConversationGoesWithIt() async throws {
        let server = try await TestServer.shared
        let (ana, id) = try await worked(server)
        try await ana.api.delete("/api/conversations/\(id)").expect(204)
        #expect(try await ana.api.get("/api/approvals").expect(200).data.isEmpty)
        try await eventually("all of it is gone") {
            try await agentTraces(server, of: ana).values.allSatisfy { $0 == 0 }
        }
    }

    /// The mark is there, and the process that set it died before it removed anything.
    @Test func whatAgentsKeptGoesAlsoWhenTheDeletionWasCutShort() async throws {
        try await TestStores.with { stores in
            let (ana, conversation) = try await TestServer.with(on: stores) { try await worked($0) }
            let (company, id) = (try #require(UUID(strict: ana.companyId)), try #require(UUID(strict: conversation)))
            try await stores.withMongo { database in
                _ = try await database.collection("conversations").update(
                    one: ["_id": .uuid(id), "companyId": .uuid(company)],
                    ["$set": ["deletedAt": .date(Date(timeIntervalSinceNow: -3_600)), "metadata.status": "deleted"]])
            }
            try await TestServer.with(on: stores) { server in
                try await eventually("the sweeper finishes", within: 40) {
                    try await agentTraces(server, of: ana).values.allSatisfy { $0 == 0 }
                }
            }
        }
    }

    @Test func aCompanyGoesWhole() async throws {
        let server = try await TestServer.shared
        let (ana, _, _) = try await filled(server)
        let second = try await TestServer.second.api.with(token: ana.api.token)
        try await second.get("/api/products").expect(200)
        #expect(try await keys(server, of: ana) > 0)
        try await ana.api.delete("/api/companies/\(ana.companyId)").expect(204)
        #expect([401, 404].contains(try await second.get("/api/products").status))
        #expect(try await second.post("/api/widget/sessions", ["key": .string(ana.widgetKey)]).status == 404)
        try await eventually("the documents are gone") { try await documents(server, of: ana) == 0 }
    }

    @Test func whatADeadProcessBeganIsFinished() async throws {
        try await TestStores.with { stores in
            let ana = try await TestServer.with(on: stores) { server in
                let (ana, customer, _) = try await filled(server)
                let id = try #require(UUID(strict: customer))
                let company = try #require(UUID(strict: ana.companyId))
                // The row is gone and the intent is there: here the process dies.
                try await stores.postgres.withClient { client in
                    _ = try await CustomerStore(client).delete(.forJob(companyId: company), id)
                    _ = try await client.query("UPDATE deletions SET due_at = now()", settings: ["app.sweeper": "on"])
                }
                #expect(try await documents(server, of: ana) > 0)
                return ana
            }
            try await TestServer.with(on: stores) { server in
                try await eventually("the sweeper finishes", within: 40) { try await documents(server, of: ana) == 0 }
            }
        }
    }
}
