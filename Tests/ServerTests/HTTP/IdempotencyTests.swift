import Foundation
import JSON
import TestSupport
import Testing

/// `Idempotency-Key`: a POST that is sent again is carried out once.
@Suite struct IdempotencyTests {
    private let body: JSONValue = ["name": "Plan", "priceCents": 1]

    @Test func theFirstAnswerComesAgain() async throws {
        let ana = try await TestServer.shared.api.register()
        let api = ana.api.with(header: "Idempotency-Key", "k")
        let first = try await api.post("/api/products", body).expect(201)
        let again = try await api.post("/api/products", body).expect(201)
        #expect(first.bytes == again.bytes && again.headers["idempotency-replayed"] == "true")
        #expect(first.headers["idempotency-replayed"] == nil && again.headers["etag"] == first.headers["etag"])
        #expect(try await ana.api.get("/api/products").data.count == 1)
    }

    @Test func anotherRequestIsAMismatch() async throws {
        let ana = try await TestServer.shared.api.register()
        let api = ana.api.with(header: "Idempotency-Key", "k")
        try await api.post("/api/products", body).expect(201)
        let other = try await api.post("/api/products", ["name": "Plan", "priceCents": 2])
        #expect(other.status == 422 && other.code == "idempotency_mismatch")
        #expect(try await api.post("/api/customers", [:]).status == 422)
        #expect(try await ana.api.with(header: "Idempotency-Key", "").post("/api/products", body).status == 400)
        let long = String(repeating: "k", count: 256)
        #expect(try await ana.api.with(header: "Idempotency-Key", long).post("/api/products", body).status == 400)
    }

    @Test func manyAtOnceAreOne() async throws {
        let ana = try await TestServer.shared.api.register()
        let second = try await TestServer.second.api.with(token: ana.api.token)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                let api = (number.isMultiple(of: 2) ? ana.api : second).with(header: "Idempotency-Key", "k")
                group.addTask { try await api.post("/api/products", body).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { [201, 409].contains($0) } && statuses.contains(201))
        #expect(try await ana.api.get("/api/products").data.count == 1)
    }

    @Test func secretsComeAgainOnlyToTheirCaller() async throws {
        let ana = try await TestServer.shared.api.register()
        let admin = try await ana.join(as: "admin")
        let draft: JSONValue = ["name": "k", "scopes": ["sales:read"]]
        let made = try await ana.api.with(header: "Idempotency-Key", "k").post("/api/api-keys", draft).expect(201)
        let again = try await ana.api.with(header: "Idempotency-Key", "k").post("/api/api-keys", draft)
        #expect(again.bytes == made.bytes)
        #expect(try await admin.api.with(header: "Idempotency-Key", "k").post("/api/api-keys", draft).status == 422)
    }

    @Test func keysOfCompaniesAreApart() async throws {
        let api = try await TestServer.shared.api
        let (ana, eve) = (try await api.register(), try await api.register())
        let first = try await ana.api.with(header: "Idempotency-Key", "k").post("/api/products", body).expect(201)
        let other = try await eve.api.with(header: "Idempotency-Key", "k").post("/api/products", body).expect(201)
        #expect(first.id != other.id)
    }

    @Test func aRefusedRequestMayBeMended() async throws {
        let ana = try await TestServer.shared.api.register()
        let api = ana.api.with(header: "Idempotency-Key", "k")
        #expect(try await api.post("/api/products", ["name": ""]).status == 400)
        try await api.post("/api/products", body).expect(201)
    }

    @Test func messagesAreStoredOnce() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/conversations/\(try await Resources.make("conversations", of: ana))/messages"
        let api = ana.api.with(header: "Idempotency-Key", "k")
        let first = try await api.post(path, ["content": "Hello"]).expect(201)
        let again = try await api.post(path, ["content": "Hello"]).expect(201)
        #expect(first.bytes == again.bytes)
        #expect(try await ana.api.get(path).data.count == 1)
    }

    @Test func aClientsOwnIdIsEnough() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/conversations/\(try await Resources.make("conversations", of: ana))/messages"
        let body: JSONValue = ["content": "Hello", "clientMessageId": "c-1"]
        let first = try await ana.api.post(path, body).expect(201)
        let again = try await ana.api.post(path, body).expect(200)
        #expect(again.id == first.id && again.headers["idempotency-replayed"] == "true")
        let joe = try await ana.join(as: "member")
        #expect(try await joe.api.post(path, body).expect(201).id != first.id)
    }
}
