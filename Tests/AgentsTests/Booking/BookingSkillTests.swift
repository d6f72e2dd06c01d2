import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents

/// Customers ask for appointments in both languages, without a model. It is Thursday, 26 November 2026, 10:30 in Madrid.
@Suite struct BookingSkillTests {
    private static let now = "2026-11-26T09:30:00Z"
    private static let settings: JSONObject = ["timeZone": "Europe/Madrid", "booking": ["durationMin": 30]]

    private struct Shop {
        var bench: AgentBench
        var owner: (user: UUID, company: UUID)
        var tools: [any Tool]
        var scope: TenantScope { .forJob(companyId: owner.company) }

        func customer(_ name: String? = nil, email: String? = nil) async throws -> AgentBench.Talk {
            let customer = try await CustomerStore(bench.client).create(
                scope, CustomerDraft(name: name, email: email))
            return talk(SalesAgent(tools: tools), customer.id)
        }

        func talk(_ agent: any Agent, _ customer: UUID) -> AgentBench.Talk {
            let talk = AgentBench.Talk(
                agent, scope, .customer(customer), now: Timestamp.parse(BookingSkillTests.now) ?? Date())
            talk.isReadByCustomer = true
            return talk
        }

        func bookings() async throws -> [Booking] { try await BookingStore(bench.client).list(scope).items }
    }

    private func with(_ settings: JSONObject = settings, _ body: (Shop) async throws -> Void) async throws {
        try await AgentBench.with { bench in
            let owner = try await bench.register()
            try await bench.set(settings, of: owner.company)
            let now = try #require(Timestamp.parse(Self.now))
            let desk = BookingContext(
                bookings: BookingStore(bench.client), calendar: bench.calendar(), now: { now })
            let products = ProductStore(bench.client)
            try await body(
                Shop(
                    bench: bench, owner: owner,
                    tools: [
                        CatalogSearchTool(products), CatalogListTool(products), FAQSearchTool(FAQStore(bench.client)),
                        HandoffTool(), CompanyInfoTool(bench.calendar().company), CalSlotsTool(desk),
                        CalRequestTool(desk, customers: CustomerStore(bench.client)),
                    ]))
        }
    }

    @Test func english() async throws {
        try await with { shop in
            let cleo = try await shop.customer("Cleo", email: "cleo@example.com")
            #expect(
                try await cleo.say("Can I come tomorrow at 10?").text
                    == "Fri 27 Nov 2026, 10:00 (Europe/Madrid) is free. Shall I ask for it? Answer yes or no.")
            #expect(try await shop.bookings().isEmpty, "a question books nothing")
            let asked = try await cleo.say("yes")
            #expect(asked.text.hasPrefix("I asked for Fri 27 Nov 2026, 10:00–10:30 (Europe/Madrid) for you."))
            #expect(asked.skill == "booking" && asked.text.contains("will confirm"))
            let booking = try #require(try await shop.bookings().first)
            #expect(Timestamp.string(booking.content.startsAt) == "2026-11-27T09:00:00.000Z")
            #expect(booking.status == .requested && booking.content.contact == "cleo@example.com")

            // Somebody else wants the same, and takes the second of what is offered.
            let dan = try await shop.customer()
            let offer = try await dan.say("I'd like to book an appointment tomorrow at 10am").text
            #expect(offer.hasPrefix("Fri 27 Nov 2026, 10:00 is not free.\nFree on Fri 27 Nov 2026 (Europe/Madrid)."))
            #expect(offer.contains("1. Fri 27 Nov 2026, 09:00\n2. Fri 27 Nov 2026, 09:30\n3. Fri 27 Nov 2026, 10:30"))
            #expect(!offer.contains("Cleo"))
            #expect(try await dan.say("2").text == "What is your name?")
            #expect(try await dan.say("Dan").text.contains("e-mail address or phone"))
            #expect(try await dan.say("dan@example.com").text.contains("09:30–10:00"))
            #expect(try await shop.bookings().map(\.content.name) == ["Dan", "Cleo"])
        }
    }

    @Test func spanish() async throws {
        try await with { shop in
            let cleo = try await shop.customer("Cleo", email: "cleo@example.com")
            #expect(
                try await cleo.say("¿puedo reservar mañana a las 10?").text
                    == "vie 27 nov 2026, 10:00 (Europe/Madrid) está libre. ¿La pido? Responde sí o no.")
            #expect(try await cleo.say("no").text == "De acuerdo, no he reservado nada.")
            let offer = try await cleo.say("quiero una cita el lunes").text
            #expect(offer.hasPrefix("Libre el lun 30 nov 2026 (Europe/Madrid). Responde con un número."))
            #expect(try await cleo.say("a las 11:30").text.contains("lun 30 nov 2026, 11:30–12:00"))
            #expect(try await shop.bookings().first?.content.language == "en", "the bench names no language")
            #expect(
                try await cleo.say("¿hay hueco el domingo?").text.hasPrefix("No hay nada libre el dom 29 nov 2026."))
        }
    }

    @Test func timesOutsideOfWorkAndRulesAreNotFree() async throws {
        try await with { shop in
            let cleo = try await shop.customer("Cleo", email: "cleo@example.com")
            for text in [
                "book me a table tomorrow at 20:00", "can I come on sunday at 11?", "can I come today at 11?",
                "book an appointment 2027-06-01 at 10:00", "can I come yesterday at 10:00?",
            ] {
                #expect(try await cleo.say(text).text.contains("is not free"), "\(text)")
            }
            // "At 3" is in the afternoon.
            #expect(try await cleo.say("can I come tomorrow at 3?").text.contains("15:00"))
            // What the company's calendar has is not free, and not told.
            _ = try await CalendarStore(shop.bench.client).create(
                shop.scope,
                CalendarEventDraft(
                    title: "Secret merger", startsAt: try #require(Timestamp.parse("2026-11-27T11:00:00Z")),
                    endsAt: try #require(Timestamp.parse("2026-11-27T12:00:00Z")), timeZone: "Europe/Madrid"),
                subject: .company)
            let answer = try await cleo.say("can I come tomorrow at 12:15?").text
            #expect(answer.contains("is not free") && !answer.contains("Secret"))
        }
    }

    @Test func aMembersCalendarCountsWhereTheCompanySaysSo() async throws {
        try await with { shop in
            try await shop.bench.set(
                [
                    "timeZone": "Europe/Madrid",
                    "booking": ["memberId": .string(shop.owner.user.lowercased)],
                ], of: shop.owner.company)
            _ = try await CalendarStore(shop.bench.client).create(
                shop.scope,
                CalendarEventDraft(
                    title: "Dentist", startsAt: try #require(Timestamp.parse("2026-11-27T09:00:00Z")),
                    endsAt: try #require(Timestamp.parse("2026-11-27T10:00:00Z")), timeZone: "Europe/Madrid"),
                subject: .user(shop.owner.user))
            let cleo = try await shop.customer("Cleo", email: "cleo@example.com")
            #expect(try await cleo.say("can I come tomorrow at 10?").text.contains("is not free"))
            _ = try await cleo.say("reserve tomorrow at 12:00")
            #expect(try await shop.bookings().first?.content.userId == shop.owner.user)
        }
    }

    @Test func aTurnThatIsRunAgainAsksOnceAndTooManyAreRefused() async throws {
        try await with(["timeZone": "Europe/Madrid", "booking": ["openRequests": 1]]) { shop in
            let cleo = try await shop.customer("Cleo", email: "cleo@example.com")
            let before = cleo.memory
            let turn = UUID.v7()
            let first = try await cleo.say("reserve tomorrow at 10:00", turnId: turn).text
            cleo.memory = before
            #expect(first.contains("I asked for"))
            #expect(try await shop.bookings().count == 1)
            #expect(try await cleo.say("reserve tomorrow at 12:00").text.contains("already have requests"))
            #expect(try await shop.bookings().count == 1)
        }
    }

    @Test func aModelIsAskedForWhatIsNoAnswerToTheQuestion() async throws {
        try await with { shop in
            let cleo = try await shop.customer("Cleo", email: "cleo@example.com")
            _ = try await cleo.say("can I come tomorrow at 10?")
            #expect(try await cleo.exact("and how much is the 12 week plan?") == nil)
            #expect(try await cleo.exact("yes")?.text.contains("I asked for") == true)
            #expect(try await cleo.say("what do you sell?").skill == "list", "the rules answer it, too")
        }
    }

    @Test func anOwnAgentDoesTheSameAndNobodyBooksWhereItIsOff() async throws {
        try await with { shop in
            var draft = AgentDraft(name: "desk")
            draft.audience = .customer
            draft.tools = [CalSlotsTool.toolName, CalRequestTool.toolName]
            let definition = try await AgentStore(shop.bench.client).create(shop.scope, draft)
            let customer = try await CustomerStore(shop.bench.client).create(
                shop.scope, CustomerDraft(name: "Cleo", email: "cleo@example.com"))
            let agent = CompanyAgent(definition, tools: ToolCatalog(shop.tools))
            let cleo = shop.talk(agent, customer.id)
            #expect(try await cleo.say("can I come tomorrow at 10?").text.contains("is free"))
            #expect(try await cleo.say("yes").text.contains("I asked for"))
            #expect(
                CalSlotsTool.toolName == "cal_slots" && shop.tools.allSatisfy { $0.isAvailable(to: .test) } == false)
        }
    }

    @Test(arguments: [
        "how much is the yoga book?", "do you sell slot machines for my bar tomorrow", "cancel my appointment tomorrow",
        "what is the price of the 12 week plan", "hello", "¿cuánto cuesta el libro?", "mi cita es mañana",
    ])
    func whatIsNoWishForATime(text: String) {
        let today = CivilDate(number: 20_783)
        #expect(BookingWish.read(FoldedText(text), today: today, minute: 0, isDayFirst: nil) == nil)
    }
}
