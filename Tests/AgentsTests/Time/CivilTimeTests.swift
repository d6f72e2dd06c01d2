import Foundation
import JSON
import Testing

@testable import Agents

@Suite struct CivilTimeTests {
    @Test func countsDays() throws {
        let day = try #require(CivilDate(2028, 2, 28))
        #expect(day.adding(1).text == "2028-02-29" && day.adding(2).text == "2028-03-01")
        #expect(CivilDate("2026-11-26")?.weekday == 4 && CivilDate(number: -1).weekday == 3)
        #expect(CivilDate(2026, 2, 29) == nil && CivilDate("2026-2-9x") == nil && CivilDate(0, 1, 1) == nil)
        for number in stride(from: -200_000, to: 200_000, by: 997) {
            let day = CivilDate(number: number)
            #expect(CivilDate(day.text) == day && CivilDate(day.parts.year, day.parts.month, day.parts.day) == day)
            #expect(day.adding(7).weekday == day.weekday && day.adding(1).weekday == day.weekday % 7 + 1)
        }
    }

    /// Zone, local time, the moment, and whether that time was left out by the clock.
    @Test(arguments: [
        ("Europe/Madrid", "2026-03-29", 150, "2026-03-29T01:30:00.000Z", true),
        ("Europe/Madrid", "2026-03-29", 60, "2026-03-29T00:00:00.000Z", false),
        ("Europe/Madrid", "2026-03-29", 180, "2026-03-29T01:00:00.000Z", false),
        ("Europe/Madrid", "2026-10-25", 150, "2026-10-25T00:30:00.000Z", false),
        ("Europe/Madrid", "2026-07-01", 540, "2026-07-01T07:00:00.000Z", false),
        ("America/New_York", "2026-03-08", 150, "2026-03-08T07:30:00.000Z", true),
        ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:45:00.000Z", true),
        ("Asia/Kolkata", "2026-03-08", 0, "2026-03-07T18:30:00.000Z", false),
        ("Pacific/Apia", "2011-12-31", 0, "2011-12-30T10:00:00.000Z", false),
    ]) func findsTheMoment(zone: String, day: String, minute: Int, expected: String, isMoved: Bool) throws {
        let zone = try #require(TimeZone(identifier: zone))
        let moment = zone.moment(try #require(CivilDate(day)), minute: minute)
        #expect(Timestamp.string(moment.date) == expected && moment.isMoved == isMoved)
        if !isMoved {
            let back = zone.civil(moment.date)
            #expect(back.day.text == day && back.minute == minute)
        }
    }

    @Test func daysHaveTheLengthThatClocksGiveThem() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Madrid"))
        let spring = try #require(CivilDate("2026-03-29"))
        let autumn = try #require(CivilDate("2026-10-25"))
        #expect(zone.interval(of: spring...spring).length == 23 * 3600)
        #expect(zone.interval(of: autumn...autumn).length == 25 * 3600)
    }
}
