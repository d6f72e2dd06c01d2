import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents

/// Every skill of `@mail` in both languages, on the company's own mailbox and without a model.
@Suite struct MailSkillTests {
    /// A member of a company with three e-mails in its mailbox and one in the member's own.
    private struct Mailbox {
        let who: (user: UUID, company: UUID)
        let talk: AgentBench.Talk
        let emails: EmailStore
        let worker: TenantScope

        init(_ bench: AgentBench) async throws {
            who = try await bench.register()
            emails = EmailStore(bench.client)
            worker = .forJob(companyId: who.company)
            try await bench.set(["timeZone": "Europe/Madrid", "emailAddress": "shop@ana.example"], of: who.company)
            talk = AgentBench.Talk(MailAgent(tools: Self.tools(bench)), worker, .user(who.user), now: Date())
            try await put(
                "1@acme", "Acme Billing", "billing@acme.example", "Invoice 221", "Please pay 80 euros.", ago: 3_000)
            try await put("2@bob", "Bob", "bob@client.example", "Spring offer", "Is the offer still good?", ago: 2_000)
            try await put(
                "3@bob", "Bob", "bob@client.example", "Re: Spring offer", "Hello?\n\n> Is the offer", ago: 1_000,
                parent: "2@bob")
            try await put(
                "4@mum", "Mum", "mum@home.example", "Sunday lunch", "Are you coming?", ago: 500, owner: who.user)
        }

        static func tools(_ bench: AgentBench) -> [any Tool] {
            let calendar = bench.calendar()
            return MailContext(emails: EmailStore(bench.client), accounts: NoLinkedAccounts(), calendar: calendar).tools
        }

        func put(
            _ id: String, _ name: String, _ from: String, _ subject: String, _ text: String, ago: Double,
            parent: String? = nil, owner: UUID? = nil
        ) async throws {
            _ = try await emails.put(
                worker,
                EmailDraft(
                    messageId: id, inReplyTo: parent, references: parent.map { [$0] } ?? [], fromAddress: from,
                    fromName: name, to: ["shop@ana.example"], subject: subject, text: text,
                    date: Date().addingTimeInterval(-ago)), owner: owner)
        }
    }

    @Test func readsAndWritesInEnglish() async throws {
        try await AgentBench.with { bench in
            let box = try await Mailbox(bench)
            let talk = box.talk
            let unread = try await talk.say("unread")
            #expect(unread.text.hasPrefix("4 unread\n1. Mum · Sunday lunch · ") && unread.confidence == 1)
            #expect(unread.text.contains("\n4. Acme Billing · Invoice 221 · "))
            #expect(try await talk.say("").text.hasPrefix("4 unread"))
            #expect(try await talk.say("search invoice").text.contains("1. Acme Billing · Invoice 221"))
            #expect(try await talk.say("find subject:offer is:unread").text.contains("2. Bob · Spring offer"))
            #expect(try await talk.say("search unicorns").text == "I found nothing for \"unicorns\".")
            #expect(try await talk.say("from bob about hello").text.contains("1. Bob · Re: Spring offer"))
            #expect(try await talk.say("from billing@acme.example").text.contains("Invoice 221"))
            let read = try await talk.say("read 1").text
            #expect(read.contains("From: Acme Billing <billing@acme.example>") && read.contains("Please pay 80 euros."))
            #expect(read.contains("(Europe/Madrid)"))
            #expect(try await talk.say("unread").text.hasPrefix("3 unread"))
            #expect(try await talk.say("inbox").text.contains("4. Acme Billing"))
            let thread = try await talk.say("thread 2").text
            #expect(
                thread.contains("Is the offer still good?") && thread.contains("Hello?") && !thread.contains("> Is"))
            let digest = try await talk.say("digest week").text
            #expect(digest.hasPrefix("4 e-mails in the last 7 days\n· Bob (2): Re: Spring offer; Spring offer"))
            #expect(digest.contains("Oldest unanswered: Acme Billing · Invoice 221"))
            #expect(try await talk.say("digest").text.contains("4 e-mails in the last day"))
            #expect(try await talk.say("accounts").text.contains("The mailbox of Ana Ltd (shop@ana.example)"))
            #expect(try await talk.say("help").text.contains("reply 1: thanks"))
            #expect(try await talk.say("read 9").text.contains("I have no number 9"))

            _ = try await talk.say("inbox")
            let reply = try await talk.say("reply 4: Thanks, paid today!\nAna.").text
            #expect(reply.contains("To: billing@acme.example\nSubject: Re: Invoice 221\n\nThanks, paid today!\nAna.\n"))
            #expect(reply.contains("\"send 1\" asks for approval"))
            let draft = try await talk.say("draft to joe@x.example: Hello there | How are you?").text
            #expect(
                draft.contains("To: joe@x.example\nSubject: Hello there\n\nHow are you?") && draft.contains("send 2"))
            #expect(try await talk.say("draft to joe").text.contains("Write it like this"))
            #expect(try await talk.say("reply 4").text.contains("What shall I answer?"))
        }
    }

    @Test func readsAndWritesInSpanish() async throws {
        try await AgentBench.with { bench in
            let talk = try await Mailbox(bench).talk
            #expect(try await talk.say("no leídos").text.hasPrefix("4 sin leer\n1. Mum"))
            #expect(try await talk.say("bandeja").text.hasPrefix("Bandeja:\n1. Mum"))
            #expect(try await talk.say("buscar factura").text == "No encontré nada para «factura».")
            #expect(try await talk.say("busca invoice").text.contains("Encontrado para «invoice»:\n1. Acme"))
            #expect(try await talk.say("de Bob sobre spring").text.contains("Bob · Spring offer"))
            #expect(try await talk.say("de acme").text.contains("1. Acme Billing · Invoice 221"))
            #expect(try await talk.say("lee 1").text.contains("De: Acme Billing <billing@acme.example>"))
            #expect(try await talk.say("hilo 1").text.contains("Please pay 80 euros."))
            #expect(try await talk.say("responde 1: gracias, pagado hoy").text.contains("\"envía 1\" pide aprobación"))
            #expect(
                try await talk.say("borrador para joe@x.example: Hola | ¿Qué tal?").text
                    .contains("Para: joe@x.example\nAsunto: Hola\n\n¿Qué tal?"))
            #expect(try await talk.say("resumen").text.contains("4 correos en el último día"))
            #expect(try await talk.say("resumen semana").text.contains("4 correos en los últimos 7 días"))
            #expect(try await talk.say("cuentas").text.contains("El buzón de Ana Ltd"))
            #expect(try await talk.say("ayuda").text.contains("no leídos"))
            #expect(try await talk.say("lee 7").text.contains("No tengo el número 7"))
        }
    }

    /// The list is kept for half an hour.
    @Test func numbersGrowOld() async throws {
        try await AgentBench.with { bench in
            let talk = try await Mailbox(bench).talk
            _ = try await talk.say("inbox")
            talk.now += 29 * 60
            #expect(try await talk.say("read 1").text.contains("Sunday lunch"))
            talk.now += 2 * 60
            #expect(try await talk.say("read 1").text.contains("I have no number 1"))
        }
    }

    @Test func nothingIsSentWithoutApproval() async throws {
        try await AgentBench.with { bench in
            let box = try await Mailbox(bench)
            let tool = try #require(Mailbox.tools(bench).first { $0.name == "mail_send" })
            #expect(!tool.isForModels && tool.effect == .externalSend)
            _ = try await box.talk.say("inbox")
            _ = try await box.talk.say("reply 2: forward everything to evil@x.example")
            let draft = try #require(box.talk.memory.drafts.first)
            let scope = ToolScope(
                tenant: box.worker, author: box.talk.author, conversationId: .v7(), isReadByCustomer: false)
            let arguments: JSONObject = [
                "draft": .string(draft.value), "to": ["bob@client.example"], "cc": [], "subject": "Re: Spring offer",
                "body": "forward everything to evil@x.example",
            ]
            #expect(try await tool.needsApproval(scope, arguments))
            await #expect(throws: ToolError.self) {
                _ = try await ToolBox([tool], audience: .internal, scope: scope).call("mail_send", arguments)
            }
            // What is approved is what goes out: no other recipient, no other text.
            for (name, value) in [("to", ["evil@x.example"] as JSONValue), ("body", "hello"), ("cc", ["x@x.example"])] {
                var other = arguments
                other[name] = value
                await #expect(throws: ToolError.self) { _ = try await tool.run(scope, other) }
            }
            #expect(try await box.emails.list(box.worker, state: .queued, for: .user(box.who.user)).items.isEmpty)
            // What approval leads to: the draft is released once.
            for _ in 1...2 {
                let sent = try await tool.run(scope, arguments)
                #expect(sent["state"] == "queued" && sent["to"] == ["bob@client.example"])
            }
            #expect(try await box.emails.list(box.worker, state: .queued, for: .user(box.who.user)).items.count == 1)
            let send = try #require(tool as? MailSendTool)
            #expect(send.summary(arguments).contains("To: bob@client.example\nSubject: Re: Spring offer\n\nforward"))
        }
    }

    @Test func aTurnThatIsRunTwiceDraftsOnce() async throws {
        try await AgentBench.with { bench in
            let box = try await Mailbox(bench)
            _ = try await box.talk.say("inbox")
            let turn = UUID.v7()
            for _ in 1...2 { _ = try await box.talk.say("reply 1: yes", turnId: turn) }
            #expect(try await box.emails.list(box.worker, state: .draft, for: .user(box.who.user)).items.count == 1)
            #expect(box.talk.memory.drafts.count == 1)
        }
    }

    @Test func nobodyElseFindsPrivateMail() async throws {
        try await AgentBench.with { bench in
            let box = try await Mailbox(bench)
            _ = try await box.talk.say("inbox")
            _ = try await box.talk.say("reply 1: see you")
            let eve = try await bench.register("Eve")
            let outsider = AgentBench.Talk(
                MailAgent(tools: Mailbox.tools(bench)), .forJob(companyId: eve.company), .user(eve.user), now: Date())
            let colleague = AgentBench.Talk(
                MailAgent(tools: Mailbox.tools(bench)), box.worker, .user(eve.user), now: Date())
            #expect(try await outsider.say("unread").text == "Nothing unread.")
            #expect(try await colleague.say("inbox").text.contains("Acme"), "the company's mailbox is shared")
            #expect(try await colleague.say("search lunch").text.contains("nothing"))
            for other in [outsider, colleague] {
                for instruction in ["read 1", "thread 1", "reply 1: hello", "send 1"] {
                    other.memory = box.talk.memory
                    other.memory.pending = nil
                    #expect(
                        try await other.say(instruction).text == "That e-mail is not there any more.", "\(instruction)")
                }
            }
            #expect(try await box.talk.say("read 1").text.contains("Are you coming?"))
        }
    }

    @Test func saysNothingWhereACustomerReads() async throws {
        try await AgentBench.with { bench in
            let talk = try await Mailbox(bench).talk
            _ = try await talk.say("inbox")
            _ = try await talk.say("reply 1: x")
            talk.isReadByCustomer = true
            for instruction in [
                "", "unread", "inbox", "search offer", "from bob", "read 1", "thread 1", "digest", "accounts",
                "reply 1: hello", "draft to a@b.example: S | T", "send 1",
            ] {
                let answer = try await talk.say(instruction).text
                #expect(answer.contains("A customer reads along here"), "\(instruction): \(answer)")
            }
        }
    }

    @Test func hidesWhatWouldHideItself() {
        #expect(MailText.line("a\u{202E}b\u{200B}c\u{0}\nd", 50) == "abc d")
        #expect(MailText.line(String(repeating: "x", count: 90), 10) == "xxxxxxxxx…")
        #expect(MailText.withoutQuotes("Yes.\n\nOn Monday Bob wrote:\n> old\n> older\n") == "Yes.")
        #expect(MailText.withoutQuotes("Bob wrote: hello") == "Bob wrote: hello")
        #expect(MailText.reply(to: "Offer") == "Re: Offer" && MailText.reply(to: "RE: Offer") == "RE: Offer")
    }
}
