import Crypto
import Doubles
import Foundation
import JSON
import Logging
import TestSupport
import Testing

@testable import Conversations
@testable import Tenancy

/// What companies' programs are told: signed, at least once, in order, and nothing that is not theirs.
@Suite(.timeLimit(.minutes(4))) struct WebhookDeliveryTests {
    private static let everything: JSONValue = .array(WebhookEvent.allCases.map { .string($0.rawValue) })

    /// A company with a webhook whose program is the double.
    private static func listen(
        _ ana: Tenant, _ address: String, _ events: JSONValue = everything
    ) async throws -> (path: String, secret: String) {
        let made = try await ana.api.post(
            "/api/webhooks", ["url": .string(FakeReceiver.endpoint(address)), "events": events]
        ).expect(201)
        return ("/api/webhooks/\(made.id)", made["secret"].stringValue ?? "")
    }

    private static func types(_ receiver: FakeReceiver) -> [String] { receiver.taken.map(\.type) }

    private static func isSigned(_ received: FakeReceiver.Received, _ secret: String) -> Bool {
        guard let key = Data(base64Encoded: String(secret.dropFirst(6))),
            let stamp = received.headers["webhook-timestamp"]
        else { return false }
        let text = Array("\(received.id).\(stamp).".utf8) + received.bytes
        let code = Data(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: key)))
        return received.headers["webhook-signature"] == "v1,\(code.base64EncodedString())"
    }

    @Test("What visitors, members and agents do is told, signed, as the API shows it; what is one's own is not")
    func told() async throws {
        let receiver = FakeReceiver()
        try await withDouble(receiver) { running in
            let ana = try await TestServer.shared.api.register()
            let (path, secret) = try await Self.listen(ana, running.address)
            let visitor = try await ana.visitor()
            let id = try await visitor.post("/api/conversations").expect(201).id
            let sent = try await visitor.with(header: "Prefer", "wait=20")
                .post("/api/conversations/\(id)/messages", ["content": "@sales what are your opening hours?"]).expect(
                    201)
            #expect(sent["replies"].arrayValue?.count == 1)
            let ours = try await ana.api.post(
                "/api/conversations/\(id)/messages", ["content": "Hello", "metadata": ["note": "inside"]]
            ).expect(201)
            try await ana.api.patch("/api/conversations/\(id)/messages/\(ours.id)", ["content": "Hi"]).expect(200)
            try await ana.api.delete("/api/conversations/\(id)/messages/\(ours.id)").expect(204)
            // A person's own thread is nobody's business.
            _ = try await ana.api.ask("mem", "my gate code is 4411")
            try await ana.api.delete("/api/conversations/\(id)").expect(204)
            let last = try await ana.api.post(
                "/api/conversations", ["platform": "web", "title": "Marker", "message": ["content": "the last one"]]
            ).expect(201)
            try await eventually("the last one is told") {
                receiver.taken.contains { $0.body["data"]?["content"] == "the last one" }
            }
            let told = receiver.taken
            #expect(told.allSatisfy { Self.isSigned($0, secret) && $0.body["companyId"] == .string(ana.companyId) })
            #expect(!told.contains { String(decoding: $0.bytes, as: UTF8.self).contains("4411") })
            #expect(Set(told.map(\.id)).count == told.count, "each once")
            let created = told.filter { $0.type == "message.created" }
            #expect(created.contains { $0.body["data"]?["id"]?.stringValue == last["message"]["id"]?.stringValue })
            #expect(Self.types(receiver).last == "message.created")
            #expect(told.contains { $0.type == "conversation.deleted" && $0.body["data"]?["id"] == .string(id) })
            let list = try await ana.api.get("\(path)/deliveries?limit=200").expect(200).data
            #expect(!list.contains { $0["state"] == "pending" || $0["state"] == "failed" })
        }
    }

    @Test(
        "A conversation's events come in their order, and wait for one that is refused; another conversation does not")
    func order() async throws {
        let receiver = FakeReceiver { body, _ in body["data"]?["content"] == "two" ? 503 : 200 }
        try await withDouble(receiver) { running in
            let (first, second) = (try await TestServer.shared, try await TestServer.second)
            let ana = try await first.api.register()
            let (path, _) = try await Self.listen(ana, running.address, ["message.created"])
            let other = second.api.with(token: ana.api.token)
            let probe = try await ana.api.post("/api/conversations", ["platform": "web"]).expect(201).id
            try await eventually("the other process knows of it") {
                try await other.post("/api/conversations/\(probe)/messages", ["content": "probe"]).expect(201)
                return receiver.taken.contains { $0.body["data"]?["content"] == "probe" }
            }
            let ids = try await [ana.api, ana.api].mapAsync {
                try await $0.post("/api/conversations", ["platform": "web"]).expect(201).id
            }
            for (place, text) in ["one", "two", "three", "four"].enumerated() {
                // By turns through two processes.
                let api = place % 2 == 0 ? ana.api : other
                try await api.post("/api/conversations/\(ids[0])/messages", ["content": .string(text)]).expect(201)
            }
            try await ana.api.post("/api/conversations/\(ids[1])/messages", ["content": "beside"]).expect(201)
            let texts = {
                receiver.taken.compactMap { $0.body["data"]?["content"]?.stringValue }.filter { $0 != "probe" }
            }
            try await eventually("the other conversation does not wait") { texts().contains("beside") }
            #expect(!texts().contains("three"))
            try await eventually("the refused one is noted, and waits with what follows it") {
                let pending = try await ana.api.get("\(path)/deliveries?state=pending").expect(200).data
                    .filter { $0["conversationId"] == .string(ids[0]) }
                return pending.count == 3 && pending.last?["status"] == 503
            }
            receiver.behave { _, _ in 200 }
            try await eventually("the rest comes", within: 60) { texts().count == 5 }
            #expect(texts().filter { $0 != "beside" } == ["one", "two", "three", "four"])
            let tries = receiver.received.filter { $0.body["data"]?["content"] == "two" }
            #expect(tries.count >= 2 && Set(tries.map(\.id)).count == 1, "the same id for every try")
        }
    }

    @Test("Nothing is lost with a process that dies after its write, with Redis, or while nobody runs")
    func durable() async throws {
        let receiver = FakeReceiver()
        try await withDouble(receiver) { running in
            try await TestStores.with { stores in
                let id = try await TestServer.with(on: stores) { server in
                    let ana = try await server.api.register()
                    _ = try await Self.listen(ana, running.address, ["message.created"])
                    let id = try await ana.api.post("/api/conversations", ["platform": "web"]).expect(201).id
                    try await ana.api.post("/api/conversations/\(id)/messages", ["content": "one"]).expect(201)
                    try await eventually("it is told") { receiver.taken.count == 1 }
                    try await stores.emptyFeed(of: ana.companyId, when: 1)
                    return (company: ana.companyId, conversation: id)
                }
                // As a process leaves it that is killed right after its write.
                let client = try stores.mongo.client()
                let dying = ConversationStore(
                    client: client, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                    isWatched: { _ in true })
                let conversation = try #require(UUID(strict: id.conversation))
                let scope = TenantScope.forJob(companyId: try #require(UUID(strict: id.company)))
                _ = try await dying.append(MessageDraft(role: .customer, content: "two"), to: conversation, in: scope)
                await dying.shutdown()
                await client.shutdown()
                try await TestServer.with(on: stores) { _ in
                    try await eventually("it is told by another one") { receiver.taken.count == 2 }
                }
                #expect(receiver.taken.map { $0.body["data"]?["content"] } == ["one", "two"])
            }
        }
    }

    @Test("Who answers 410 is switched off, says why, and goes on with what waits when switched on again")
    func gone() async throws {
        let receiver = FakeReceiver { _, _ in 410 }
        try await withDouble(receiver) { running in
            let ana = try await TestServer.shared.api.register()
            let (path, _) = try await Self.listen(ana, running.address, ["message.created"])
            let id = try await ana.api.post("/api/conversations", ["platform": "web"]).expect(201).id
            try await ana.api.post("/api/conversations/\(id)/messages", ["content": "one"]).expect(201)
            try await eventually("it is off") { try await ana.api.get(path)["active"] == false }
            let off = try await ana.api.get(path)
            #expect(off["disabledReason"].stringValue?.contains("410") == true && off["failingSince"] != .null)
            receiver.behave { _, _ in 200 }
            let on = try await ana.api.patch(path, ["active": true]).expect(200)
            #expect(on["disabledReason"] == .null && on["failingSince"] == .null)
            try await eventually("what waited is told") { receiver.taken.count == 1 }
            try await eventually("that is noted") { try await ana.api.get(path)["deliveredAt"] != .null }
        }
    }

    @Test(
        "Three days without a success switch a webhook off; what is old is given up, and another company is untouched")
    func tired() async throws {
        let receiver = FakeReceiver { body, _ in body["data"]?["content"] == "refused" ? 500 : 200 }
        try await withDouble(receiver) { running in
            try await TestServer.with { server in
                let (ana, eve) = (try await server.api.register("Ana"), try await server.api.register("Eve"))
                let (path, _) = try await Self.listen(ana, running.address, ["message.created"])
                _ = try await Self.listen(eve, running.address, ["message.created"])
                try await server.stores.postgres.withClient { client in
                    _ = try await client.query(
                        "UPDATE webhooks SET failing_since = now() - interval '4 days' WHERE company_id = \(try #require(UUID(strict: ana.companyId)))",
                        settings: ["app.sweeper": "on"])
                }
                let id = try await ana.api.post("/api/conversations", ["platform": "web"]).expect(201).id
                try await ana.api.post("/api/conversations/\(id)/messages", ["content": "refused"]).expect(201)
                try await eventually("it is off") { try await ana.api.get(path)["active"] == false }
                #expect(try await ana.api.get(path)["disabledReason"].stringValue?.contains("answered 500") == true)
                let theirs = try await eve.api.post(
                    "/api/conversations", ["platform": "web", "message": ["content": "fine"]]
                ).expect(201)
                try await eventually("the other company's program hears") {
                    receiver.taken.contains { $0.body["data"]?["conversationId"] == .string(theirs.id) }
                }
            }
        }
    }
}

extension Array {
    fileprivate func mapAsync<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
