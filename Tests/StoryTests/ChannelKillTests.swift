import Doubles
import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

extension Chaos {
    @Suite struct ChannelKillTests {
        /// Two servers are killed again and again while webhooks come in and members answer: what was answered 200 is one
        /// message, and every answer is sent once, in its order.
        @Test func killedServersTakeAndSendEverythingOnce() async throws {
            let meta = FakeMeta()
            try await withDouble(meta) { double in
                try await World.with { world in
                    var world = world
                    for (name, value) in double.environment { world.environment[name] = value }
                    world.environment["WHATSAPP_UNKNOWN_SECONDS"] = "15"
                    let both = world
                    try await both.serve { first in
                        try await both.serve { second in
                            let hooks = try await Hooks(meta, first.port, second.port)
                            let telling = Task { await hooks.tellWordOfWhatIsSent() }
                            defer { telling.cancel() }
                            let numbers = (0..<4).map { "49\($0)" }
                            let each = 12
                            let writing = Task {
                                for number in 0..<each {
                                    for person in numbers {
                                        try await hooks.deliver([
                                            .text("\(number)", from: person, id: "wamid.\(person).\(number)")
                                        ])
                                    }
                                }
                            }
                            for server in [first, second] {
                                try await Task.sleep(for: .milliseconds(Int.random(in: 300...1_200)))
                                await server.kill()
                                try await server.start()
                            }
                            try await writing.value
                            var conversations: [String: String] = [:]
                            try await eventually("every message is there", within: 90) {
                                conversations = try await hooks.conversations()
                                guard conversations.count == numbers.count else { return false }
                                for id in conversations.values {
                                    guard try await hooks.messages(id).count >= each else { return false }
                                }
                                return true
                            }
                            for (_, id) in conversations {
                                let messages = try await hooks.messages(id)
                                let texts = messages.compactMap { $0["content"]?.stringValue }
                                #expect(Set(texts).count == each && texts.count == each, "\(texts)")
                            }
                            let all = conversations
                            let answering = Task {
                                for number in 0..<each {
                                    for id in all.values { try await hooks.write("answer \(number)", in: id) }
                                }
                            }
                            for server in [second, first] {
                                try await Task.sleep(for: .milliseconds(Int.random(in: 300...1_200)))
                                await server.kill()
                                try await server.start()
                            }
                            try await answering.value
                            try await eventually("every answer is sent", within: 120) {
                                meta.sent.count >= each * numbers.count
                            }
                            for person in numbers {
                                let texts = meta.sent.filter { $0.to == person }.map(\.text)
                                #expect(texts == (0..<each).map { "answer \($0)" }, "\(person)")
                            }
                        }
                    }
                }
            }
        }

        /// The store of messages is away: the webhook is answered all the same, and nothing of it is lost.
        @Test func aWebhookIsKeptWhileMongoDBIsAway() async throws {
            let meta = FakeMeta()
            try await withDouble(meta) { double in
                try await World.withOwnMongo { world, mongo in
                    var world = world
                    for (name, value) in double.environment { world.environment[name] = value }
                    try await world.serve { server in
                        let hooks = try await Hooks(meta, server.port, server.port)
                        await mongo.kill()
                        let body = meta.webhook([.text("kept", from: "4915110", id: "wamid.kept")])
                        for _ in 0..<3 { #expect(try await hooks.post(body, to: server.port) == 200) }
                        await server.kill()
                        try await mongo.start()
                        try await server.start()
                        var messages: [JSONValue] = []
                        try await eventually("the message is there", within: 120) {
                            guard let id = try await hooks.conversations().values.first else { return false }
                            messages = try await hooks.messages(id)
                            return !messages.isEmpty
                        }
                        #expect(messages.compactMap { $0["content"]?.stringValue } == ["kept"])
                    }
                }
            }
        }
    }
}

/// Meta as two servers see it: webhooks that are sent again until they are answered, and word of what was sent.
private final class Hooks: Sendable {
    let meta: FakeMeta
    let ports: [Int]
    let tenant: Tenant
    let channel: String
    private let next = Mutex(0)

    init(_ meta: FakeMeta, _ first: Int, _ second: Int) async throws {
        self.meta = meta
        ports = [first, second]
        let made = try await Threads.one {
            let tenant = try Tenant(at: first)
            var body = meta.channel
            body["agent"] = .null
            let reply = try Wire(port: first).send("POST", "/api/channels", token: tenant.token, .object(body))
            try #require(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
            return (tenant, reply["id"].stringValue ?? "")
        }
        (tenant, channel) = made
    }

    /// Delivers events, to the servers in turn, until one answers 200.
    func deliver(_ events: [FakeMetaEvent]) async throws {
        let hook = meta.webhook(events)
        try await eventually("a webhook is taken", within: 60) {
            let port = self.port()
            return (try? await self.post(hook, to: port)) == 200
        }
    }

    func post(_ hook: FakeMetaWebhook, to port: Int) async throws -> Int {
        let path = "/webhooks/whatsapp/\(channel)"
        let body = try JSONValue.parse(hook.bytes)
        return try await Threads.one {
            try Wire(port: port, timeout: 20).send(
                "POST", path, body, headers: ["X-Hub-Signature-256": hook.signature]
            ).status
        }
    }

    /// Tells that everything that is sent was sent, as Meta does, until the task is cancelled.
    func tellWordOfWhatIsSent() async {
        var told: Set<String> = []
        while !Task.isCancelled {
            for sent in meta.sent where told.insert(sent.id).inserted {
                try? await deliver([.status("sent", of: sent.id, opaque: sent.opaque)])
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func port() -> Int {
        next.withLock { next in
            next += 1
            return ports[next % ports.count]
        }
    }

    /// Conversations by the number they are with.
    func conversations() async throws -> [String: String] {
        let list = try await get("/api/conversations?platform=whatsapp")
        var found: [String: String] = [:]
        for conversation in list["data"]?.arrayValue ?? [] {
            found[conversation["customerId"]?.stringValue ?? ""] = conversation["id"]?.stringValue
        }
        return found
    }

    func messages(_ conversation: String) async throws -> [JSONValue] {
        try await get("/api/conversations/\(conversation)/messages?after=0&limit=200")["data"]?.arrayValue ?? []
    }

    /// Writes as the owner, once.
    func write(_ text: String, in conversation: String) async throws {
        let token = tenant.token
        try await eventually("an answer is taken", within: 60) {
            let port = self.port()
            let status = try? await Threads.one {
                try Wire(port: port, timeout: 20).send(
                    "POST", "/api/conversations/\(conversation)/messages", token: token,
                    ["content": .string(text), "clientMessageId": .string(text)]
                ).status
            }
            return status == 201 || status == 200
        }
    }

    private func get(_ path: String) async throws -> JSONValue {
        let token = tenant.token
        let port = ports[0]
        return try await Threads.one { try Wire(port: port, timeout: 20).send("GET", path, token: token).json }
    }
}
