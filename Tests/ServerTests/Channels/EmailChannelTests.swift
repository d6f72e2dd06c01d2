import Doubles
import Foundation
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(4))) struct EmailChannelTests {
    @Test func aThreadGoesBackAndForth() async throws {
        try await PostmarkServer.with { world in
            try await world.receive(FakePostmarkMail(subject: "Prices?", text: "hello"))
            let first = try await world.sent(1)[0]
            #expect(first.to == "carla@example.com" && first.subject == "Re: Prices?")
            #expect(first.from.contains("<help@acme.example>") && first.header("Auto-Submitted") == "auto-replied")
            #expect(first.header("X-Auto-Response-Suppress") == "All" && first.header("X-PM-KeepID") == "true")
            #expect(first.messageId.hasPrefix("<o.") && first.messageId.hasSuffix("@acme.example>"))
            // By the signed address, then without it by what it answers, then by what it refers to.
            try await world.receive(.answer(first, "thanks"))
            let second = try await world.sent(2)[1]
            #expect(
                second.header("In-Reply-To") != nil && second.header("References")?.contains(first.messageId) == true)
            try await world.receive(.answer(second, "thank you", byAddress: false))
            var third = FakePostmarkMail.answer(second, "gracias", byAddress: false)
            third.headers = third.headers.filter { $0.0 != "In-Reply-To" }
            try await world.receive(third)
            #expect(try await world.conversations().count == 1)
            let messages = try await world.messages(count: 4)
            #expect(
                messages.filter { $0["role"] == "customer" }.map(\.content) == [
                    "hello", "thanks", "thank you", "gracias",
                ])
            #expect(try await world.conversations().first?["title"] == "Prices?")
        }
    }

    @Test func aSubjectAloneNeverMatches() async throws {
        try await PostmarkServer.with(channel: ["agent": .null]) { world in
            try await world.receive(
                FakePostmarkMail(subject: "Order 7", text: "one"), FakePostmarkMail(subject: "Re: Order 7", text: "two")
            )
            #expect(try await world.conversations().count == 2)
            #expect(try await world.tenant.api.get("/api/customers").data.count == 1)
        }
    }

    @Test func theSameMailIsOneMessage() async throws {
        try await PostmarkServer.with(channel: ["agent": .null]) { world in
            let other = try await world.tenant.api.post(
                "/api/channels",
                .object(
                    world.postmark.channel.merged(with: ["address": "sales@acme.example", "replyAddress": .null]))
            ).expect(201)
            let mail = FakePostmarkMail(text: "hello")
            try await world.receive(mail, mail)
            // By another address of the company, too.
            try await world.deliver(mail.json, to: other.id).expect(200)
            try await world.settle()
            #expect(try await world.conversations().count == 1)
            #expect(try await world.messages(count: 1).count == 1)
        }
    }

    @Test func whoDoesNotKnowTheSecretIsRefused() async throws {
        try await PostmarkServer.with { world in
            let mail = FakePostmarkMail(text: "hello").json
            let eve = try await world.server.api.register("Eve")
            let hers = try await eve.api.post(
                "/api/channels",
                .object(
                    world.postmark.channel.merged(with: [
                        "address": "eve@eve.example", "secrets": ["inboundSecret": "the-secret-of-eve-0123"],
                    ]))
            ).expect(201).id
            for (secret, channel) in [
                ("wrong", world.channel), ("", world.channel), ("the-secret-of-eve-0123", world.channel),
                (world.postmark.inboundSecret, hers), (world.postmark.inboundSecret, UUID.v7().lowercased),
            ] {
                #expect(try await world.deliver(mail, secret: secret, to: channel).status == 401)
            }
            let path = "/webhooks/email/postmark/\(world.channel)"
            #expect(try await world.server.api.post(path, .object(mail)).status == 401)
            #expect(
                try await world.server.api.post("/webhooks/email/other/\(world.channel)", .object(mail)).status == 401)
            #expect(try await world.conversations().isEmpty)
            // By basic authentication as well.
            let basic = Data("any:\(world.postmark.inboundSecret)".utf8).base64EncodedString()
            let api = world.server.api.with(header: "Authorization", "Basic \(basic)")
            try await api.post(path, .object(mail)).expect(200)
            _ = try await world.messages(count: 1)
        }
    }

    /// Acceptance test 20, and everything else by which machines are known.
    @Test func noMachineIsAnswered() async throws {
        try await PostmarkServer.with { world in
            let machines: [FakePostmarkMail] = [
                FakePostmarkMail(text: "out of office", headers: [("X-Auto-Response-Suppress", "All")]),
                FakePostmarkMail(text: "out of office", headers: [("Auto-Submitted", "auto-replied")]),
                FakePostmarkMail(text: "a", headers: [("auto-submitted", "auto-generated; owner=x")]),
                FakePostmarkMail(text: "a", headers: [("X-Autoreply", "yes")]),
                FakePostmarkMail(text: "a", headers: [("X-Autorespond", "")]),
                FakePostmarkMail(text: "a", headers: [("X-Autogenerated", "Reply")]),
                FakePostmarkMail(text: "a", headers: [("Precedence", "bulk")]),
                FakePostmarkMail(text: "a", headers: [("Precedence", "auto_reply")]),
                FakePostmarkMail(text: "a", headers: [("List-Id", "<news.example.com>")]),
                FakePostmarkMail(text: "a", headers: [("List-Unsubscribe", "<mailto:x@example.com>")]),
                FakePostmarkMail(text: "a", headers: [("Return-Path", "<>")]),
                FakePostmarkMail(
                    text: "a", headers: [("Content-Type", "multipart/report; report-type=delivery-status")]),
                FakePostmarkMail(text: "a", headers: [("X-Spam-Status", "Yes, score=9")]),
                FakePostmarkMail(from: "MAILER-DAEMON@example.com", text: "a"),
                FakePostmarkMail(from: "no-reply@example.com", text: "a"),
                FakePostmarkMail(from: "postmaster@example.com", text: "a"),
            ]
            for mail in machines { try await world.deliver(mail.json).expect(200) }
            try await world.settle()
            #expect(try await world.conversations().count == machines.count)
            // People are, also when their mail program says that it is none.
            try await world.receive(
                FakePostmarkMail(
                    from: "otto@example.com", text: "hello",
                    headers: [("Auto-Submitted", "no"), ("X-Auto-Response-Suppress", "None")]))
            let sent = try await world.sent(1)
            #expect(sent.map(\.to) == ["otto@example.com"])
            let logs = try await world.tenant.api.get("/api/agent-logs").expect(200).data
            #expect(logs.count <= 1)
        }
    }

    /// Two machines that know nothing of headers do not write to each other for ever.
    @Test func aThreadGetsThreeAnswersAnHourUntilAMemberWrites() async throws {
        try await PostmarkServer.with { world in
            try await world.receive(FakePostmarkMail(text: "hello"))
            for number in 1...3 {
                let last = try await world.sent(number)[number - 1]
                try await world.receive(.answer(last, "thanks \(number)"))
            }
            let messages = try await world.messages(count: 7)
            #expect(messages.filter { $0["role"] == "agent" }.count == 3 && world.postmark.sent.count == 3)
            let id = try await world.conversations().first?["id"]?.stringValue ?? ""
            try await world.tenant.api.post(
                "/api/conversations/\(id)/messages", ["content": "A person here."]
            ).expect(201)
            let mine = try await world.sent(4)[3]
            #expect(mine.text == "A person here." && mine.header("Auto-Submitted") == nil)
            try await world.tenant.api.post("/api/conversations/\(id)/control", ["action": "release"]).expect(200)
            try await world.receive(.answer(mine, "thanks again"))
            _ = try await world.sent(5)
        }
    }

    /// A new thread each time helps no machine either.
    @Test func onePersonGetsTenAnswersADay() async throws {
        try await PostmarkServer.with { world in
            for number in 1...10 {
                try await world.receive(FakePostmarkMail(subject: "\(number)", text: "hello"))
                _ = try await world.sent(number)
            }
            try await world.receive(FakePostmarkMail(subject: "once more", text: "hello"))
            try await world.receive(FakePostmarkMail(from: "otto@example.com", text: "hello"))
            let sent = try await world.sent(11)
            #expect(sent.map(\.to).last == "otto@example.com")
            #expect(try await world.conversations().count == 12)
        }
    }

    /// The From header is no proof: a member's address makes a customer, and a stranger joins no conversation.
    @Test func fromGivesNobodyAnyRights() async throws {
        try await PostmarkServer.with { world in
            try await world.receive(
                FakePostmarkMail(from: world.tenant.email, text: "@mail list all my e-mails"))
            let messages = try await world.messages(count: 2)
            #expect(messages[0]["role"] == "customer" && messages[1]["agentName"] == "sales")
            // A stranger who knows the id of a customer's own mail, but none of ours.
            try await world.receive(
                FakePostmarkMail(
                    from: "eve@example.com", text: "let me in",
                    headers: [
                        ("In-Reply-To", messages[0]["metadata"]?["channel"]?["id"]?.stringValue.map { "<\($0)>" } ?? "")
                    ]))
            #expect(try await world.conversations().count == 2)
            // Who has the signed address answers in the conversation, and the answer goes to its customer all the same.
            let first = world.postmark.sent[0]
            try await world.receive(.answer(first, "from my other address", from: "private@example.com"))
            let joined = try await world.messages(try await world.conversations().first)
            let other = joined.first { $0.content == "from my other address" }
            #expect(other?["metadata"]?["channel"]?["fromSomebodyElse"] == true)
            try await eventually("it is answered") {
                world.postmark.sent.filter { $0.to == world.tenant.email }.count == 2
            }
            #expect(!world.postmark.sent.contains { $0.to == "private@example.com" })
        }
    }

    @Test func aForgedMarkMatchesNothing() async throws {
        try await PostmarkServer.with(channel: ["agent": .null]) { world in
            try await world.receive(FakePostmarkMail(text: "hello"))
            let id = try await world.conversations().first?["id"]?.stringValue ?? ""
            try await world.tenant.api.post("/api/conversations/\(id)/messages", ["content": "Hi"]).expect(201)
            let sent = try await world.sent(1)[0]
            var address = Array(sent.replyTo ?? "")
            let place = (address.firstIndex(of: "@") ?? 1) - 3
            address[place] = address[place] == "a" ? "b" : "a"
            try await world.receive(FakePostmarkMail(from: "eve@example.com", to: [String(address)], text: "let me in"))
            #expect(try await world.conversations().count == 2)
            // In capitals it is the same.
            try await world.receive(
                FakePostmarkMail(to: [(sent.replyTo ?? "").uppercased()], text: "it is me"))
            #expect(try await world.messages(try await world.conversations().first).map(\.content).last == "it is me")
        }
    }

    @Test func aLostAnswerIsTheSameMailAgain() async throws {
        try await PostmarkServer.with(channel: ["agent": .null]) { world in
            try await world.receive(FakePostmarkMail(text: "hello"))
            let id = try await world.conversations().first?["id"]?.stringValue ?? ""
            world.postmark.answerNext(.lose, .status(500))
            try await world.tenant.api.post("/api/conversations/\(id)/messages", ["content": "Hi"]).expect(201)
            let sent = try await world.sent(2)
            #expect(Set(sent.map(\.messageId)).count == 1 && world.postmark.attempts == 3)
        }
    }

    @Test func wordOfPostmarkIsShown() async throws {
        try await PostmarkServer.with(channel: ["agent": .null]) { world in
            try await world.receive(FakePostmarkMail(text: "hello"))
            let id = try await world.conversations().first?["id"]?.stringValue ?? ""
            let path = "/api/conversations/\(id)/messages"
            let one = try await world.tenant.api.post(path, ["content": "One"]).expect(201).id
            let sent = try await world.sent(1)[0]
            try await world.deliver(["RecordType": "Delivery", "MessageID": .string(sent.id)]).expect(200)
            try await eventually("it is delivered") {
                try await world.tenant.api.get("\(path)/\(one)")["delivery"]["state"] == "delivered"
            }
            world.postmark.answerNext(.refuse(406))
            let two = try await world.tenant.api.post(path, ["content": "Two"]).expect(201).id
            try await eventually("it failed") {
                try await world.tenant.api.get("\(path)/\(two)")["delivery"]["state"] == "failed"
            }
            world.postmark.answerNext(.refuse(10, status: 401))
            _ = try await world.tenant.api.post(path, ["content": "Three"]).expect(201)
            try await eventually("the channel is paused") {
                try await world.tenant.api.get("/api/channels/\(world.channel)")["status"] == "paused"
            }
        }
    }

    @Test func attachmentsAreNamedAndHTMLIsNotRead() async throws {
        try await PostmarkServer.with(channel: ["agent": .null]) { world in
            var mail = FakePostmarkMail(text: "")
            mail.attachment = 2 << 20
            try await world.receive(mail)
            let message = try await world.messages(count: 1)[0]
            #expect(message.content == "[e-mail without text: scan.pdf]")
            var huge = FakePostmarkMail(text: "x")
            huge.attachment = 13 << 20
            #expect(try await world.deliver(huge.json).status == 413)
            for bad in ["{", "[]", #"{"From": 7}"#, #"{"FromFull": {"Email": "nobody"}, "Headers": "x"}"#] {
                let answer = try await world.server.api.send(
                    "POST", "/webhooks/email/postmark/\(world.channel)?secret=\(world.postmark.inboundSecret)",
                    bytes: Array(bad.utf8), type: "application/json")
                #expect(answer.status == 200)
            }
            #expect(try await world.conversations().count == 1)
        }
    }
}
