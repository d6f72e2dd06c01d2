import Doubles
import Foundation
import JSON
import Tenancy
import Testing

@testable import Agents

/// It is Thursday, 26 November 2026, 09:30 in UTC.
@Suite struct GoogleCalendarTests {
    private static let now = "2026-11-26T09:30:00Z"

    private func time(_ text: String) throws -> Date { try #require(Timestamp.parse(text)) }

    @Test func readsAndWritesThrough() async throws {
        try await GoogleBench.with { world in
            world.google.plan(
                "Standup", from: try time("2026-11-27T10:00:00Z"), to: try time("2026-11-27T11:00:00Z"))
            let talk = try world.cal(now: Self.now)
            #expect(try await talk.say("tomorrow").text.contains("1. 10:00–11:00 · Standup"))
            #expect(try await talk.say("free tomorrow for 2h").text.contains("· 11:00–18:00"))
            let added = try await talk.say("add \"Dentist\" tomorrow 10:30 for 1h").text
            #expect(added.contains("At the same time: Standup") && added.contains("In ana@gmail.example."))
            #expect(world.google.events == ["Dentist", "Standup"])
            let tomorrow = try await talk.say("tomorrow").text
            #expect(tomorrow.contains("2. 10:30–11:30 · Dentist") && !tomorrow.contains("3."), "the copy is one event")
            #expect(try await talk.say("move 2 to 15:00").text.contains("Fri 27 Nov 2026, 15:00–16:00"))
            #expect(try await talk.say("tomorrow").text.contains("2. 15:00–16:00 · Dentist"))
            #expect(try await talk.say("cancel 2").text == "Cancelled \"Dentist\".")
            #expect(world.google.events == ["Standup"])
            #expect(try await !talk.say("tomorrow").text.contains("Dentist"))
        }
    }

    @Test func aTurnThatIsRunTwiceBooksOnce() async throws {
        try await GoogleBench.with { world in
            let talk = try world.cal(now: Self.now)
            let turn = UUID.v7()
            for _ in 1...2 { _ = try await talk.say("add \"Dentist\" tomorrow 15:00", turnId: turn) }
            #expect(world.google.events == ["Dentist"])
        }
    }

    @Test func readsPageAfterPage() async throws {
        try await GoogleBench.with { world in
            world.google.setPageSize(2)
            for hour in 9..<14 {
                world.google.plan(
                    "Call \(hour)", from: try time("2026-11-27T\(CivilDate.pad(hour, 2)):00:00Z"),
                    to: try time("2026-11-27T\(CivilDate.pad(hour, 2)):30:00Z"))
            }
            #expect(try await world.cal(now: Self.now).say("tomorrow").text.contains("5. 13:00–13:30 · Call 13"))
        }
    }

    /// What was booked is known here too while Google does not answer.
    @Test func theOwnCalendarStandsIn() async throws {
        try await GoogleBench.with { world in
            let talk = try world.cal(now: Self.now)
            _ = try await talk.say("add \"Dentist\" tomorrow 15:00")
            world.google.answerNext(503, 503, 503)
            let text = try await talk.say("tomorrow").text
            #expect(text.contains("1. 15:00–16:00 · Dentist") && text.contains("does not answer"))
            world.google.revokeConsent()
            let lost = try await talk.say("tomorrow").text
            #expect(lost.contains("Dentist") && lost.contains("ana@gmail.example has to be linked again"))
        }
    }
}
