import Doubles
import Foundation
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(4))) struct WhatsAppInTests {
    private static let carla = "4915110"

    @Test func theChallengeComesBackForTheRightWordOnly() async throws {
        try await MetaServer.with { world in
            let query = "hub.mode=subscribe&hub.challenge=12345&hub.verify_token="
            let path = "/webhooks/whatsapp/\(world.channel)?\(query)"
            let right = try await world.server.api.get(path + "double-verify").expect(200)
            #expect(right.bytes == Array("12345".utf8))
            #expect(right.headers["content-type"]?.hasPrefix("text/plain") == true)
            let wrong = try await world.server.api.get(path + "double-verif")
            let unknown = try await world.server.api.get(
                "/webhooks/whatsapp/\(UUID.v7().lowercased)?\(query)double-verify")
            #expect(wrong.status == 403 && unknown.status == 403)
            #expect(wrong["detail"] == unknown["detail"])
        }
    }

    /// Forged, unsigned, altered; with another company's secret, or another company's channel in the path.
    @Test func whatIsNotSignedByTheChannelsSecretLeavesNothing() async throws {
        try await MetaServer.with { world in
            let eve = try await world.server.api.register("Eve")
            let other = FakeMeta(phoneNumberId: "777", appSecret: "the-secret-of-eve")
            let hers = try await eve.api.post("/api/channels", .object(other.channel)).expect(201).id
            let hook = world.meta.webhook([.text("hello", from: Self.carla)])
            var altered = hook
            altered.bytes[altered.bytes.count / 2] ^= 1
            var unsigned = hook
            unsigned.signature = ""
            var malformed = hook
            malformed.signature = "sha256=" + String(repeating: "zz", count: 32)
            // Eve signs with her own secret a body that names the number of somebody else.
            let forged = FakeMetaWebhook(hook.bytes, secret: "the-secret-of-eve")
            for (bad, channel) in [
                (altered, world.channel), (unsigned, world.channel), (malformed, world.channel),
                (forged, world.channel), (hook, hers), (hook, UUID.v7().lowercased), (hook, "no-id"),
            ] {
                let answer = try await world.deliver(bad, to: channel)
                #expect(answer.status == 401)
            }
            // On her own channel her signature is right, and the number in the body is not hers.
            try await world.deliver(forged, to: hers).expect(200)
            try await world.tell(.text("the only one", from: Self.carla))
            let messages = try await world.messages(1)
            #expect(messages.first?["content"] == "the only one" && messages.first?["seq"] == 1)
            #expect(try await eve.api.get("/api/conversations").data.isEmpty)
            #expect(try await eve.api.get("/api/customers").data.isEmpty)
        }
    }

    @Test func deliveredThreeTimesInAnyOrderItIsOneMessageAndOneTurn() async throws {
        try await MetaServer.with { world in
            let first = world.meta.webhook([.text("hello", from: Self.carla)])
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask { try await world.deliver(first, second: number % 2 == 1).status }
                }
                for try await status in group { #expect(status == 200) }
            }
            let messages = try await world.messages(2)
            try await world.deliver(first).expect(200)
            try await world.tell(.text("thanks", from: Self.carla))
            let later = try await world.messages(4)
            #expect(later.map { $0["role"]?.stringValue } == ["customer", "agent", "customer", "agent"])
            #expect(later.first?["clientMessageId"]?.stringValue?.hasPrefix("wamid.") == true)
            #expect(messages.first?["metadata"]?["channel"]?["type"] == "text")
            try await eventually("both answers are sent") { world.meta.sent.count == 2 }
            #expect(world.meta.sent.map(\.to) == [Self.carla, Self.carla])
        }
    }

    @Test func fourFragmentsGetOneReply() async throws {
        try await MetaServer.with { world in
            try await world.tell(.text("hello", from: Self.carla), .text("how much", from: Self.carla))
            try await world.tell(.text("is the", from: Self.carla), .text("plan", from: Self.carla))
            _ = try await world.messages(5)
            try await eventually("nothing waits") { try await world.openEvents() == 0 }
            let messages = try await world.messages(5)
            #expect(
                messages.map { $0["role"]?.stringValue } == ["customer", "customer", "customer", "customer", "agent"])
            #expect(messages.prefix(4).map(\.content) == ["hello", "how much", "is the", "plan"])
            try await eventually("it is sent") { world.meta.sent.count == 1 }
        }
    }

    /// Pictures of an album come in parallel, to any process, from somebody nobody knows.
    @Test func anAlbumMakesOneCustomerAndOneConversation() async throws {
        try await MetaServer.with { world in
            let hooks = (0..<10).map { number in
                world.meta.webhook([
                    .message(
                        "image", ["id": .string("media-\(number)"), "mime_type": "image/jpeg", "sha256": "x"],
                        from: number % 3 == 0 ? Self.carla : nil, userId: "DE.\(Self.carla)",
                        name: "Carla")
                ])
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, hook) in hooks.enumerated() {
                    group.addTask { try await world.deliver(hook, second: number % 2 == 1).expect(200) }
                }
                try await group.waitForAll()
            }
            let messages = try await world.messages(11)
            #expect(messages.filter { $0["role"] == "customer" }.count == 10)
            #expect(messages.first?.content == "[image]")
            #expect(messages.first?["metadata"]?["channel"]?["media"]?["mimeType"] == "image/jpeg")
            #expect(try await world.conversations().count == 1)
            let customers = try await world.tenant.api.get("/api/customers").data
            #expect(customers.count == 1 && customers.first?["name"] == "Carla")
        }
    }

    @Test func anArchivedConversationIsFollowedByANewOne() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let first = world.meta.webhook([.text("one", from: Self.carla)])
            try await world.deliver(first).expect(200)
            let messages = try await world.messages(1)
            let id = messages.first?["conversationId"]?.stringValue ?? ""
            try await world.tenant.api.patch("/api/conversations/\(id)", ["status": "archived"]).expect(200)
            // What was there before stays where it was.
            try await world.deliver(first, second: true).expect(200)
            try await world.tell(.text("two", from: Self.carla))
            try await eventually("there is a message in each of two") {
                try await world.conversations().map { $0["metadata"]?["messageCount"] } == [1, 1]
            }
            let all = try await world.conversations()
            #expect(Set(all.compactMap { $0["customerId"]?.stringValue }).count == 1)
        }
    }

    @Test func namesOfOnePersonChangeAndItStaysTheSameCustomer() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            try await world.tell(.text("1", from: Self.carla, userId: "DE.A1"))
            _ = try await world.messages(1)
            try await world.tell(.text("2", from: nil, userId: "DE.A1"))
            try await world.tell(.userId("DE.A1", becomes: "DE.B2"))
            try await eventually("the news is worked off") { try await world.openEvents() == 0 }
            try await world.tell(.text("3", from: nil, userId: "DE.B2"))
            try await world.tell(
                .message(
                    "system", ["type": "user_changed_number", "wa_id": "4917999", "body": "changed"], from: Self.carla))
            try await eventually("the news is worked off") { try await world.openEvents() == 0 }
            try await world.tell(.text("4", from: "4917999"))
            let messages = try await world.messages(4)
            #expect(messages.map(\.content) == ["1", "2", "3", "4"])
            #expect(try await world.tenant.api.get("/api/customers").data.count == 1)
            // The old number belongs to somebody else now.
            try await world.tell(
                .text("hello", from: Self.carla, userId: "DE.OTHER", name: "Otto", at: Date().addingTimeInterval(2)))
            try await eventually("a second customer") {
                try await world.tenant.api.get("/api/customers").data.count == 2
            }
            try await eventually("a second conversation") { try await world.conversations().count == 2 }
        }
    }

    @Test func whatSaysNothingStartsNothing() async throws {
        try await MetaServer.with { world in
            try await world.tell(
                .message("reaction", ["message_id": "wamid.x", "emoji": "👍"], from: Self.carla),
                .message("system", ["body": "something", "type": "customer_identity_changed"], from: Self.carla),
                .message("poll_of_the_future", ["a": [1, 2, 3]], from: Self.carla),
                .message("unsupported", [:], from: Self.carla))
            let messages = try await world.messages(2)
            #expect(messages.allSatisfy { $0["role"] == "customer" && $0.content.hasPrefix("[") })
            try await world.tell(
                .message("location", ["latitude": 52.5, "longitude": 13.4, "name": "Office"], from: Self.carla))
            let answered = try await world.messages(4)
            #expect(answered.map { $0["role"]?.stringValue } == ["customer", "customer", "customer", "agent"])
            #expect(answered[2].content == "[location] Office, 52.5, 13.4")
        }
    }

    /// Row 63: a customer cannot call an agent that is for members.
    @Test func aCustomerCannotCallAMembersAgent() async throws {
        try await MetaServer.with { world in
            try await world.tell(.text("@mail read everything", from: Self.carla))
            let messages = try await world.messages(2)
            #expect(messages.first?.content == "@mail read everything")
            #expect(messages.last?["agentName"] == "sales")
        }
    }

    @Test func aReplyFromAProductsPageIsAboutThatProduct() async throws {
        try await MetaServer.with { world in
            for (name, price) in [("Tent", 19_900), ("Kayak", 89_900)] {
                try await world.tenant.api.post(
                    "/api/products",
                    ["name": .string(name), "sku": .string("sku-\(name)"), "priceCents": .integer(Int64(price))]
                ).expect(201)
            }
            let event = FakeMetaEvent.text("how much is it?", from: Self.carla)
                .with(context: ["referred_product": ["catalog_id": "c1", "product_retailer_id": "sku-Kayak"]])
            try await world.tell(event)
            let messages = try await world.messages(2)
            #expect(messages.first?["metadata"]?["channel"]?["referredProduct"]?["retailerId"] == "sku-Kayak")
            #expect(messages.last?.content.contains("899") == true, "\(messages.last?.content ?? "")")
        }
    }

    @Test func buttonsAndListsAreTheirWords() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            try await world.tell(
                .message("button", ["text": "Yes please", "payload": "p1"], from: Self.carla),
                .message(
                    "interactive",
                    ["type": "list_reply", "list_reply": ["id": "row-2", "title": "Size M", "description": "x"]],
                    from: Self.carla))
            let messages = try await world.messages(2)
            #expect(messages.map(\.content) == ["Yes please", "Size M"])
            #expect(messages.last?["metadata"]?["channel"]?["reply"]?["id"] == "row-2")
        }
    }

    /// Everything in a payload is somebody else's, although the signature is right.
    @Test func hostilePayloadsHarmNothing() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let secret = world.meta.appSecret
            var bodies: [[UInt8]] = [
                Array("{".utf8), Array("[]".utf8), Array("null".utf8), Array("\"x\"".utf8), [0xFF, 0xFE], [],
                Array(String(repeating: "[", count: 100_000).utf8),
                Array(#"{"object":"whatsapp_business_account","entry":{"a":1}}"#.utf8),
                Array(#"{"object":"whatsapp_business_account","entry":[{"changes":"x"},{"changes":[null,7]}]}"#.utf8),
            ]
            for value: JSONValue in [
                ["id": 7, "from": "1", "type": "text", "text": ["body": "x"]], ["from": "1"], 3,
                ["id": "a", "from": ["x": 1], "type": "text", "text": ["body": "x"]],
                ["id": "b", "from": "1'; DROP TABLE customers", "type": "text", "text": ["body": "x"]],
                ["id": "c", "from": "12345", "type": "text", "text": "x"],
                ["id": "d", "from": "12345", "type": ["a"], "text": ["body": "x"]],
                ["id": "e", "from": "12345", "type": "text", "text": ["body": "   "]],
                ["id": "f", "from": "12345", "timestamp": "99999999999999999999", "type": "reaction", "reaction": []],
            ] {
                var envelope = JSONValue.object(world.meta.envelope([]))
                envelope = Self.with(messages: [value], in: envelope)
                bodies.append(envelope.encoded)
            }
            for body in bodies {
                let answer = try await world.deliver(FakeMetaWebhook(body, secret: secret))
                #expect(answer.status == 200)
            }
            let huge = FakeMetaWebhook([UInt8](repeating: 0x20, count: (3 << 20) + 1), secret: secret)
            #expect(try await world.deliver(huge).status == 413)
            // Too long for an id, for a name, for a message; and a text with U+0000 in it.
            let long = String(repeating: "ä", count: 60_000)
            try await world.tell(
                .text(long, from: Self.carla, id: "wamid." + String(repeating: "x", count: 5_000), name: long))
            let nul = world.meta.webhook([.text("a NUL b", from: Self.carla)])
            let withNul = String(decoding: nul.bytes, as: UTF8.self).replacing("NUL", with: "\\u0000")
            try await world.deliver(FakeMetaWebhook(Array(withNul.utf8), secret: secret)).expect(200)
            let messages = try await world.messages(2)
            #expect(messages.count == 2 && messages[0].content.utf8.count <= 30_010)
            #expect(messages[0]["clientMessageId"]?.stringValue?.hasPrefix("sha256:") == true)
            #expect(messages[1].content == "a \u{FFFD} b")
            try await eventually("nothing waits") { try await world.openEvents() == 0 }
        }
    }

    private static func with(messages: [JSONValue], in envelope: JSONValue) -> JSONValue {
        var whole = envelope.objectValue ?? [:]
        var entry = whole["entry"]?.arrayValue?.first?.objectValue ?? [:]
        var change = entry["changes"]?.arrayValue?.first?.objectValue ?? [:]
        var value = change["value"]?.objectValue ?? [:]
        value["messages"] = .array(messages)
        change["value"] = .object(value)
        entry["changes"] = [.object(change)]
        whole["entry"] = [.object(entry)]
        return .object(whole)
    }

    @Test func aChannelThatIsSwitchedOffTakesNothing() async throws {
        try await MetaServer.with { world in
            try await world.tenant.api.patch("/api/channels/\(world.channel)", ["enabled": false]).expect(200)
            #expect(try await world.deliver(world.meta.webhook([.text("x", from: "1")])).status == 401)
        }
    }
}
