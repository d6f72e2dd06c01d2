import Crypto
import Foundation
import JSON
import TestSupport
import Testing

/// Web chat: who a visitor is, and how far their token reaches.
@Suite struct VisitorTests {
    private func session(_ company: Tenant, _ customer: JSONValue) async throws -> API.Answer {
        try await company.api.with(token: nil).post(
            "/api/widget/sessions", ["key": .string(company.widgetKey), "customer": customer])
    }

    @Test func onlyTheCompanysServerIdentifiesACustomer() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let secret = try await server.widgetSecret(of: ana)
        let hash = HMAC<SHA256>.authenticationCode(for: Data("u-1".utf8), using: .init(data: Data(secret.utf8))).hex
        let good = try await session(ana, ["externalId": "u-1", "name": "Cleo", "hash": .string(hash)]).expect(201)
        #expect(good["customer"]["externalId"] == "u-1")
        for wrong in [JSONValue.string(String(hash.reversed())), .string(""), .null, "00"] {
            #expect(try await session(ana, ["externalId": "u-1", "hash": wrong]).status == 400)
        }
        #expect(try await session(ana, ["externalId": "u-2", "hash": .string(hash)]).status == 400)
        #expect(try await session(ana, ["externalId": "u-1"]).status == 400)
    }

    @Test func unknownKeysAreNotFound() async throws {
        let api = try await TestServer.shared.api
        #expect(try await api.post("/api/widget/sessions", ["key": "sb_pub_nobody"]).status == 404)
        #expect(try await api.get("/api/widget/config?key=sb_pub_nobody").status == 404)
        #expect(try await api.get("/api/widget/config").status == 400)
        let ana = try await api.register()
        try await api.get("/api/widget/config?key=\(ana.widgetKey)").expect(200)
    }

    @Test func theSameBrowserIsTheSameCustomer() async throws {
        let ana = try await TestServer.shared.api.register()
        let first = try await ana.visitor("browser-1").get("/api/conversations").expect(200)
        let again = try await ana.visitor("browser-1").get("/api/conversations").expect(200)
        #expect(first.data.map { $0["id"] } == again.data.map { $0["id"] })
    }

    @Test func aTokenReachesOnlyItsOwnConversations() async throws {
        let ana = try await TestServer.shared.api.register()
        let (one, two) = (try await ana.visitor(), try await ana.visitor())
        let id = try await one.post("/api/conversations", ["title": "Mine"]).expect(201).id
        try await one.post("/api/conversations/\(id)/messages", ["content": "Hello"]).expect(201)
        #expect(try await two.get("/api/conversations/\(id)").status == 404)
        #expect(try await two.get("/api/conversations/\(id)/messages").status == 404)
        #expect(try await two.post("/api/conversations/\(id)/messages", ["content": "Hi"]).status == 404)
        #expect(try await two.get("/api/conversations?q=Mine").data.isEmpty)
        let company = try await Resources.make("conversations", of: ana)
        #expect(try await one.get("/api/conversations/\(company)").status == 404)
    }

    @Test func aVisitorCannotOpenForSomebodyElse() async throws {
        let ana = try await TestServer.shared.api.register()
        let customer = try await Resources.make("customers", of: ana)
        let answer = try await ana.visitor().post("/api/conversations", ["customerId": .string(customer)])
        #expect(answer.status >= 400 || answer["customerId"] != .string(customer))
    }

    @Test(arguments: ["user", "agent", "assistant", "system"])
    func aVisitorWritesOnlyAsCustomer(_ role: String) async throws {
        let visitor = try await TestServer.shared.api.register().visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let body: JSONValue = ["content": "I am the shop", "role": .string(role)]
        #expect(try await visitor.post("/api/conversations/\(id)/messages", body).status == 403)
        #expect(try await visitor.post("/api/conversations", ["message": body]).status == 403)
    }

    @Test func aVisitorDoesNotRouteOrAssign() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        for change: JSONValue in [["agent": "mem"], ["assignee": .string(ana.userId)]] {
            #expect(try await visitor.patch("/api/conversations/\(id)", change).status == 400, "\(change)")
            #expect(try await visitor.post("/api/conversations", change).status == 400, "\(change)")
        }
    }

    @Test func aVisitorDoesNotEditWhatOthersWrote() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let path = "/api/conversations/\(try await visitor.post("/api/conversations").expect(201).id)/messages"
        let theirs = try await ana.api.post(path, ["content": "Price is 10"]).expect(201).id
        #expect(try await visitor.patch("\(path)/\(theirs)", ["content": "Price is 0"]).status == 403)
        #expect(try await visitor.delete("\(path)/\(theirs)").status == 403)
        let own = try await visitor.post(path, ["content": "Helo"]).expect(201).id
        try await visitor.patch("\(path)/\(own)", ["content": "Hello"]).expect(200)
    }

    @Test(arguments: ["products", "customers", "sales", "members", "api-keys", "agent-logs", "companies", "agents"])
    func aTokenReachesNothingElse(_ collection: String) async throws {
        let visitor = try await TestServer.shared.api.register().visitor()
        #expect(try await visitor.get("/api/\(collection)").status == 403)
    }

    @Test func memoriesOfOthersAreOutOfReach() async throws {
        let ana = try await TestServer.shared.api.register()
        let customer = try await Resources.make("customers", of: ana)
        let visitor = try await ana.visitor()
        #expect(try await visitor.get("/api/agents/mem/state?customerId=\(customer)").status == 403)
        #expect(try await visitor.get("/api/messages").status == 403)
        #expect(try await visitor.get("/api/auth/me").status == 403)
    }
}
