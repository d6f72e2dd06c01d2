import Doubles
import Foundation
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(4))) struct WhatsAppOutTests {
    private static let carla = "4915110"

    /// A conversation that Carla began.
    private func begin(_ world: MetaServer, at date: Date = Date()) async throws -> String {
        try await world.tell(.text("hello", from: Self.carla, at: date))
        return try await world.messages(1).first?["conversationId"]?.stringValue ?? ""
    }

    private func write(
        _ text: String, in conversation: String, _ world: MetaServer, _ more: JSONObject = [:]
    ) async throws -> JSONValue {
        let body = JSONObject([("content", .string(text))]).merged(with: more)
        return try await world.tenant.api.post("/api/conversations/\(conversation)/messages", .object(body)).expect(201)
            .json
    }

    @Test func whatAMemberWritesIsSentOnceAndShowsHowItFares() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            let message = try await write("Good morning", in: conversation, world)
            #expect(message["delivery"]?["state"] == "queued")
            try await world.expect("sent", of: message)
            let sent = try #require(world.meta.sent.first)
            #expect(sent.to == Self.carla && sent.text == "Good morning" && world.meta.sent.count == 1)
            // Word in any order, and twice: it never goes back.
            try await world.tell(.status("read", of: sent.id), .status("sent", of: sent.id))
            try await world.expect("read", of: message)
            try await world.tell(.status("delivered", of: sent.id), .status("failed", of: sent.id, error: 131026))
            try await eventually("the word is worked off") { try await world.openEvents() == 0 }
            #expect(try await world.message(message)["delivery"]?["state"] == "read")
        }
    }

    @Test func nothingThatIsNotForTheCustomerIsSent() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            _ = try await write("A note", in: conversation, world, ["metadata": ["private": true]])
            _ = try await world.tenant.api.say("@sales what do you sell?", in: conversation)
            _ = try await write("Noted by a program", in: conversation, world, ["role": "system"])
            _ = try await write("The customer's own words", in: conversation, world, ["role": "customer"])
            let last = try await write("For Carla", in: conversation, world)
            try await world.expect("sent", of: last)
            #expect(world.meta.sent.map(\.text) == ["For Carla"])
            for message in try await world.messages(7) where message["id"] != last["id"] {
                #expect(message["delivery"] == nil, "\(message.content)")
            }
        }
    }

    @Test func manyMessagesAreSentInTheirOrderWhateverFails() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            world.meta.answerNext(.refuse(131000, status: 500), .take, .refuse(130429, status: 429), .status(429))
            var last: JSONValue = .null
            for number in 1...6 { last = try await write("\(number)", in: conversation, world) }
            try await eventually("all are sent", within: 60) { world.meta.sent.count == 6 }
            try await world.expect("sent", of: last)
            #expect(world.meta.sent.map(\.text) == ["1", "2", "3", "4", "5", "6"])
        }
    }

    @Test func aLongTextIsSentInParts() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            let text = (0..<1_500).map { "word\($0)" }.joined(separator: " ")
            let message = try await write(text, in: conversation, world)
            try await world.expect("sent", of: message)
            #expect(world.meta.sent.count == 4 && world.meta.sent.allSatisfy { $0.text.count <= 4_096 })
            #expect(world.meta.sent.map(\.text).joined(separator: " ") == text)
            // It is delivered when all of it is.
            for sent in world.meta.sent.prefix(3) { try await world.tell(.status("delivered", of: sent.id)) }
            try await eventually("the word is worked off") { try await world.openEvents() == 0 }
            #expect(try await world.message(message)["delivery"]?["state"] == "sent")
            try await world.tell(.status("delivered", of: world.meta.sent[3].id))
            try await world.expect("delivered", of: message)
        }
    }

    /// The provider took it and its answer was lost. Word of it says that it was sent.
    @Test func aLostAnswerIsNotSentTwiceWhenWordComes() async throws {
        try await MetaServer.with(["WHATSAPP_UNKNOWN_SECONDS": "3"], channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            world.meta.answerNext(.lose)
            let message = try await write("Once", in: conversation, world)
            try await eventually("it is taken") { world.meta.sent.count == 1 }
            let sent = try #require(world.meta.sent.first)
            try await world.tell(.status("delivered", of: sent.id, opaque: sent.opaque))
            try await world.expect("delivered", of: message)
            // A later one is sent after it, and so proves that the first was not tried again.
            let next = try await write("Then", in: conversation, world)
            try await world.expect("sent", of: next)
            #expect(world.meta.sent.map(\.text) == ["Once", "Then"])
        }
    }

    @Test func withoutWordItIsSentAgainAfterTheWait() async throws {
        try await MetaServer.with(["WHATSAPP_UNKNOWN_SECONDS": "1"], channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            world.meta.answerNext(.status(502))
            let message = try await write("At last", in: conversation, world)
            try await world.expect("sent", of: message)
            #expect(world.meta.attempts == 2 && world.meta.sent.count == 1)
        }
    }

    /// Word may come before the answer to our own call.
    @Test func wordThatComesBeforeTheAnswerIsNotLost() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            // The double gives ids in order, so the word can be told before there is a message.
            try await world.tell(.status("delivered", of: "wamid.out.1"))
            let message = try await write("Hello", in: conversation, world)
            try await world.expect("delivered", of: message)
        }
    }

    @Test func outsideTheWindowNothingIsSentBeforeTheCustomerWrites() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world, at: Date().addingTimeInterval(-25 * 3600))
            let first = try await write("Are you still there?", in: conversation, world)
            let second = try await write("We have an answer.", in: conversation, world)
            try await world.expect("needs_template", of: first)
            #expect(world.meta.attempts == 0)
            try await world.tell(.text("yes", from: Self.carla))
            try await world.expect("sent", of: second)
            #expect(world.meta.sent.map(\.text) == ["Are you still there?", "We have an answer."])
        }
    }

    @Test func aTemplateIsSentOnceWhenTheWindowIsClosed() async throws {
        try await MetaServer.with(
            channel: ["agent": .null, "template": ["name": "we_have_an_answer", "language": "en_US"]]
        ) { world in
            let conversation = try await begin(world, at: Date().addingTimeInterval(-25 * 3600))
            let first = try await write("One", in: conversation, world)
            _ = try await write("Two", in: conversation, world)
            try await world.expect("needs_template", of: first)
            try await eventually("the template is sent") { world.meta.sent.count == 1 }
            _ = try await write("Three", in: conversation, world)
            try await world.tell(.text("yes", from: Self.carla))
            try await eventually("all are sent") { world.meta.sent.count == 4 }
            #expect(world.meta.sent.map(\.text) == ["we_have_an_answer", "One", "Two", "Three"])
            #expect(world.meta.sent.first?.type == "template")
        }
    }

    /// Meta's clock says that the window is closed where ours says that it is open.
    @Test func aWindowThatMetaSaysIsClosedIsClosed() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            world.meta.answerNext(.refuse(131047))
            let message = try await write("Hello", in: conversation, world)
            try await world.expect("needs_template", of: message)
            try await world.tell(.text("yes", from: Self.carla))
            try await world.expect("sent", of: message)
        }
    }

    /// Meta takes a message first, and says later that the window is closed.
    @Test func aMessageThatIsRefusedAfterwardsIsSentAnewWhenTheCustomerWrites() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            let message = try await write("Hello", in: conversation, world)
            try await world.expect("sent", of: message)
            let sent = try #require(world.meta.sent.first)
            try await world.tell(.status("failed", of: sent.id, opaque: sent.opaque, error: 131047))
            try await world.expect("needs_template", of: message)
            // Late word of the first try does not count as the second.
            try await world.tell(.status("sent", of: sent.id, opaque: sent.opaque))
            try await eventually("the word is worked off") { try await world.openEvents() == 0 }
            #expect(try await world.message(message)["delivery"]?["state"] == "needs_template")
            try await world.tell(.text("yes", from: Self.carla))
            try await eventually("it is sent anew") { world.meta.sent.count == 2 }
            #expect(world.meta.sent.map(\.text) == ["Hello", "Hello"])
            try await world.tell(.status("delivered", of: world.meta.sent[1].id, opaque: sent.opaque))
            try await world.expect("delivered", of: message)
        }
    }

    @Test func aTokenThatEndedPausesTheChannelUntilThereIsANewOne() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            world.meta.setToken("another-token")
            let message = try await write("Hello", in: conversation, world)
            let path = "/api/channels/\(world.channel)"
            try await eventually("the channel is paused") {
                try await world.tenant.api.get(path).expect(200)["status"] == "paused"
            }
            let paused = try await world.tenant.api.get(path)
            #expect(paused["lastError"].stringValue?.hasPrefix("190") == true)
            #expect(try await world.message(message)["delivery"]?["state"] == "queued")
            let renewed = try await world.tenant.api.patch(path, ["secrets": ["accessToken": "another-token"]]).expect(
                200)
            #expect(renewed["status"] == "active" && renewed["lastError"].isNull)
            try await world.expect("sent", of: message)
        }
    }

    @Test func aMessageThatCannotBeDeliveredSaysSoAndTheNextGoesOn() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            world.meta.answerNext(.refuse(131026))
            let first = try await write("One", in: conversation, world)
            let second = try await write("Two", in: conversation, world)
            try await world.expect("failed", of: first)
            #expect(try await world.message(first)["delivery"]?["error"]?.stringValue?.hasPrefix("131026") == true)
            try await world.expect("sent", of: second)
        }
    }

    @Test func aMessageThatIsDeletedBeforeItIsSentIsNotSent() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world, at: Date().addingTimeInterval(-25 * 3600))
            let first = try await write("A mistake", in: conversation, world)
            let second = try await write("Right", in: conversation, world)
            try await world.expect("needs_template", of: first)
            try await world.tenant.api.delete(
                "/api/conversations/\(conversation)/messages/\(first["id"]?.stringValue ?? "")"
            ).expect(204)
            try await world.tell(.text("yes", from: Self.carla))
            try await world.expect("sent", of: second)
            #expect(world.meta.sent.map(\.text) == ["Right"])
        }
    }

    /// A program may keep conversations of its own WhatsApp here: nothing of them is sent.
    @Test func aConversationWithoutAChannelIsNotSent() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let customer = try await world.tenant.api.post("/api/customers", ["name": "Otto"]).expect(201).id
            let own = try await world.tenant.api.post(
                "/api/conversations", ["platform": "whatsapp", "customerId": .string(customer), "message": "Hello"]
            ).expect(201)
            let message = try await write("Hi", in: own.id, world)
            let conversation = try await begin(world)
            _ = conversation
            try await eventually("nothing is to be sent") { try await world.message(message)["delivery"] == nil }
            #expect(world.meta.attempts == 0)
        }
    }

    @Test func anotherCompanysWordChangesNothing() async throws {
        try await MetaServer.with(channel: ["agent": .null]) { world in
            let conversation = try await begin(world)
            let message = try await write("Hello", in: conversation, world)
            try await world.expect("sent", of: message)
            let sent = try #require(world.meta.sent.first)
            let eve = try await world.server.api.register("Eve")
            let other = FakeMeta(phoneNumberId: "777", appSecret: "the-secret-of-eve")
            let hers = try await eve.api.post("/api/channels", .object(other.channel)).expect(201).id
            let hook = other.webhook([.status("failed", of: sent.id, opaque: sent.opaque, error: 190)])
            try await world.deliver(hook, to: hers).expect(200)
            try await world.tell(.status("delivered", of: sent.id))
            try await world.expect("delivered", of: message)
            #expect(try await world.tenant.api.get("/api/channels/\(world.channel)")["status"] == "active")
        }
    }
}
