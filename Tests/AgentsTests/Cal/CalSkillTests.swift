import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents

/// Every skill of `@cal` in both languages, on its own calendar and without a model. It is Thursday, 26 November 2026.
@Suite struct CalSkillTests {
    private static let now = "2026-11-26T09:30:00Z"

    private func talk(
        _ bench: AgentBench, settings: JSONObject = ["timeZone": "Europe/Madrid"]
    ) async throws
        -> AgentBench.Talk
    {
        let ana = try await bench.register()
        try await bench.set(settings, of: ana.company)
        return try bench.talk(CalAgent(tools: bench.calendar().tools), ana, now: Self.now)
    }

    @Test func keepsACalendarInEnglish() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            #expect(try await talk.say("today").text == "Nothing on Thu 26 Nov 2026 (Europe/Madrid).")
            let added = try await talk.say("add \"Dentist\" friday 15:00 for 45m")
            #expect(added.text == "Booked \"Dentist\": Fri 27 Nov 2026, 15:00–15:45 (Europe/Madrid).")
            #expect(added.skill == "add" && added.confidence == 1)
            _ = try await talk.say("add Call Joe tomorrow at 9")
            let tomorrow = try await talk.say("tomorrow").text
            #expect(tomorrow.contains("1. 09:00–10:00 · Call Joe\n2. 15:00–15:45 · Dentist"))
            #expect(try await talk.say("next week").text.contains("Nothing"))
            #expect(try await talk.say("this week").text.contains("Fri 27 Nov 2026\n1. 09:00–10:00 · Call Joe"))
            #expect(try await talk.say("2026-11-27").text.contains("Dentist"))
            #expect(try await talk.say("friday").text.contains("Dentist"))
            let free = try await talk.say("free tomorrow for 2h").text
            #expect(free.contains("· 10:00–15:00\n· 15:45–18:00") && free.contains("Europe/Madrid"))
            _ = try await talk.say("friday")
            #expect(
                try await talk.say("move 2 to monday 10:00").text
                    == "Moved \"Dentist\" to Mon 30 Nov 2026, 10:00–10:45 (Europe/Madrid).")
            #expect(try await talk.say("cancel 1").text == "Cancelled \"Call Joe\".")
            #expect(try await talk.say("tomorrow").text.contains("Nothing"))
            #expect(try await talk.say("help").text.contains("free tomorrow for 45m"))
            #expect(try await talk.say("").text.contains("Nothing on Thu 26 Nov 2026"))
        }
    }

    @Test func keepsACalendarInSpanish() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            #expect(try await talk.say("hoy").text == "Nada el jue 26 nov 2026 (Europe/Madrid).")
            let added = try await talk.say("agrega \"Dentista\" viernes a las 3 de la tarde durante 45 min")
            #expect(added.text == "Reservado «Dentista»: vie 27 nov 2026, 15:00–15:45 (Europe/Madrid).")
            #expect(try await talk.say("mañana").text.contains("1. 15:00–15:45 · Dentista"))
            #expect(try await talk.say("¿mañana libre?").text.contains("Libre 30 min o más"))
            #expect(try await talk.say("libre mañana durante una hora").text.contains("· 09:00–15:00"))
            #expect(try await talk.say("próxima semana").text.contains("Nada"))
            #expect(try await talk.say("esta semana").text.contains("Dentista"))
            #expect(try await talk.say("agenda para el viernes").text.contains("Dentista"))
            #expect(try await talk.say("mueve el 1 al lunes a las 10").text.contains("lun 30 nov 2026, 10:00–10:45"))
            #expect(try await talk.say("lunes").text.contains("Dentista"))
            #expect(try await talk.say("cancela 1").text == "Cancelado «Dentista».")
            #expect(try await talk.say("ayuda").text.contains("libre mañana"))
        }
    }

    @Test func asksBackAnAmbiguousDate() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            let asked = try await talk.say("add \"Dentist\" 03/04 15:00").text
            #expect(asked == "Which day for \"Dentist\"?\n1. Sat 3 Apr 2027\n2. Thu 4 Mar 2027")
            #expect(try await talk.say("2").text.contains("Thu 4 Mar 2027, 15:00–16:00"))
            #expect(try await talk.say("03/04").text.contains("Which day?"))
            #expect(try await talk.say("4 mar 2027").text.contains("Dentist"))

            let american = try await self.talk(bench, settings: ["locale": "en-US"])
            #expect(
                try await american.say("add \"Dentist\" 03/04 15:00").text.contains("Thu 4 Mar 2027, 15:00–16:00 (UTC)")
            )
        }
    }

    @Test func asksBackWhatIsMissing() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            #expect(try await talk.say("add \"Dentist\"").text.contains("When is \"Dentist\"?"))
            #expect(try await talk.say("tomorrow").text.contains("At what time is \"Dentist\" on Fri 27 Nov 2026?"))
            #expect(try await talk.say("15").text.contains("Fri 27 Nov 2026, 15:00–16:00"))
            _ = try await talk.say("agrega \"Cena\" mañana")
            #expect(try await talk.say("no").text == "De acuerdo, no cambié nada.")
            #expect(try await talk.say("tomorrow").text.contains("Cena") == false)
        }
    }

    @Test func asksBackATimeThatIsPast() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            let asked = try await talk.say("add \"Gym\" today 8:00").text
            #expect(asked.contains("already past") && asked.contains("1. Fri 27 Nov 2026, 08:00"))
            #expect(try await talk.say("1").text.contains("Fri 27 Nov 2026, 08:00–09:00"))
            _ = try await talk.say("add \"Gym\" yesterday 8:00")
            #expect(try await talk.say("2").text.contains("Wed 25 Nov 2026, 08:00–09:00"))
        }
    }

    @Test func movesForwardWhereTheClockDoes() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            let answer = try await talk.say("add \"Backup\" 2027-03-28 02:30 for 30m").text
            #expect(answer.contains("Sun 28 Mar 2027, 03:30–04:00") && answer.contains("02:30 does not exist"))
        }
    }

    @Test func takesTheMembersZoneThenTheCompanysThenUTC() async throws {
        try await AgentBench.with { bench in
            let ana = try await bench.register()
            let talk = try bench.talk(CalAgent(tools: bench.calendar().tools), ana, now: "2026-11-26T23:30:00Z")
            #expect(try await talk.say("today").text.contains("Thu 26 Nov 2026 (UTC)"))
            try await bench.set(["timeZone": "Europe/Madrid"], of: ana.company)
            #expect(try await talk.say("today").text.contains("Fri 27 Nov 2026 (Europe/Madrid)"))
            #expect(try await talk.say("timezone America/New York").text == "Your time zone is America/New_York.")
            #expect(try await talk.say("today").text.contains("Thu 26 Nov 2026 (America/New_York)"))
            #expect(try await talk.say("zona horaria Europa/Nada").text.contains("No conozco"))
        }
    }

    @Test func guestsNeedApproval() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            let tool = try #require(bench.calendar().tools.first { $0.name == "cal_create" })
            let scope = ToolScope(
                tenant: talk.scope, author: talk.author, conversationId: .v7(), isReadByCustomer: false)
            #expect(try await tool.needsApproval(scope, ["guests": ["a@b.co"]]))
            #expect(try await !tool.needsApproval(scope, ["title": "Alone"]))
        }
    }

    @Test func aTurnThatIsRunTwiceBooksOnce() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            let turn = UUID.v7()
            for _ in 1...2 { _ = try await talk.say("add \"Dentist\" friday 15:00", turnId: turn) }
            let text = try await talk.say("friday").text
            #expect(text.contains("1. 15:00–16:00 · Dentist") && !text.contains("2."))
        }
    }

    @Test func nobodyElseFindsTheEvent() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            _ = try await talk.say("add \"Secret\" friday 15:00")
            let reference = try #require(talk.memory.list.first)
            let eve = try await bench.register("Eve")
            let outsider = try bench.talk(CalAgent(tools: bench.calendar().tools), eve, now: Self.now)
            let colleague = AgentBench.Talk(
                CalAgent(tools: bench.calendar().tools), talk.scope, .user(eve.user), now: talk.now)
            for other in [outsider, colleague] {
                #expect(try await other.say("friday").text.contains("Nothing"))
                for instruction in ["cancel 1", "move 1 to monday"] {
                    other.memory.keep([reference], at: other.now)
                    let stolen = try await other.say(instruction).text
                    other.memory.keep([.init("Secret", "own:\(UUID.v7().lowercased)")], at: other.now)
                    #expect(stolen == "That event is not there any more.")
                    #expect(try await other.say(instruction).text == stolen)
                }
            }
            #expect(try await talk.say("friday").text.contains("Secret"))
        }
    }

    @Test func saysNothingWhereACustomerReads() async throws {
        try await AgentBench.with { bench in
            let talk = try await talk(bench)
            _ = try await talk.say("add \"Secret\" friday 15:00")
            talk.isReadByCustomer = true
            for instruction in [
                "friday", "free friday", "add \"X\" friday 9:00", "move 1 to monday", "cancel 1", "timezone",
            ] {
                let answer = try await talk.say(instruction)
                #expect(answer.text.contains("A customer reads along") && !answer.text.contains("Secret"))
            }
        }
    }
}
