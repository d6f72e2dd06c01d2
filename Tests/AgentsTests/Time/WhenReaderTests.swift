import Foundation
import Testing

@testable import Agents

/// Days, times and durations as people write them, in both languages, seen from Thursday 26 November 2026, 10:30.
@Suite struct WhenReaderTests {
    private static let today = CivilDate("2026-11-26") ?? CivilDate(number: 0)

    private func reader(_ text: String, isDayFirst: Bool? = nil) -> WhenReader {
        WhenReader(
            FoldedText(text).words.map(\.folded), today: Self.today, minute: 630, isDayFirst: isDayFirst)
    }

    private func written(_ day: WhenReader.Day?) -> String {
        switch day {
        case .day(let day): day.text
        case .either(let first, let second): "\(first.text) or \(second.text)"
        case nil: "nothing"
        }
    }

    @Test(arguments: [
        ("today", "2026-11-26"), ("hoy", "2026-11-26"), ("tonight", "2026-11-26"), ("tomorrow", "2026-11-27"),
        ("Mañana", "2026-11-27"), ("yesterday", "2026-11-25"), ("ayer", "2026-11-25"),
        ("day after tomorrow", "2026-11-28"), ("the day after tomorrow", "2026-11-28"), ("pasado mañana", "2026-11-28"),
        ("thursday", "2026-11-26"), ("next thursday", "2026-12-03"), ("friday", "2026-11-27"), ("on fri", "2026-11-27"),
        ("wednesday", "2026-12-02"), ("el lunes", "2026-11-30"), ("el próximo jueves", "2026-12-03"),
        ("jueves que viene", "2026-12-03"), ("sábado", "2026-11-28"), ("este viernes", "2026-11-27"),
        ("in 3 days", "2026-11-29"), ("in two weeks", "2026-12-10"), ("dentro de 3 días", "2026-11-29"),
        ("en una semana", "2026-12-03"), ("2026-04-03", "2026-04-03"), ("2027/1/5", "2027-01-05"),
        ("13/04", "2027-04-13"), ("04/13", "2027-04-13"), ("3/4", "2027-04-03 or 2027-03-04"),
        ("03/04/2027", "2027-04-03 or 2027-03-04"), ("03/04/27", "2027-04-03 or 2027-03-04"), ("5/5", "2027-05-05"),
        ("3.4.2027", "2027-04-03"), ("3-4-2027", "2027-04-03 or 2027-03-04"), ("3 april", "2027-04-03"),
        ("april 3rd", "2027-04-03"), ("the 3rd of april 2028", "2028-04-03"), ("April 3, 2028", "2028-04-03"),
        ("3 de abril", "2027-04-03"), ("3 de abril de 2028", "2028-04-03"), ("1º de mayo", "2027-05-01"),
        ("26 november", "2026-11-26"), ("25 november", "2027-11-25"), ("29 february", "2028-02-29"),
        ("31/02", "nothing"), ("2026-02-30", "nothing"), ("31 april", "nothing"), ("soon", "nothing"), ("3", "nothing"),
        ("", "nothing"), ("in three", "nothing"), ("99/99", "nothing"), ("2026-13-01", "nothing"),
    ]) func readsDays(text: String, expected: String) {
        var reader = reader(text)
        let day = reader.readDay()
        #expect(written(day) == expected)
        #expect(day == nil ? reader.place == 0 : reader.isAtEnd, "\(text) is read in whole or not at all")
    }

    @Test(arguments: [("03/04", true, "2027-04-03"), ("03/04", false, "2027-03-04"), ("13/04", false, "2027-04-13")])
    func followsTheCompanysOrder(text: String, isDayFirst: Bool, expected: String) {
        var reader = reader(text, isDayFirst: isDayFirst)
        #expect(written(reader.readDay()) == expected)
    }

    @Test(arguments: [
        ("this week", "2026-11-26", "2026-11-29"), ("esta semana", "2026-11-26", "2026-11-29"),
        ("week", "2026-11-26", "2026-11-29"), ("next week", "2026-11-30", "2026-12-06"),
        ("la próxima semana", "2026-11-30", "2026-12-06"), ("la semana que viene", "2026-11-30", "2026-12-06"),
        ("next 3 days", "2026-11-26", "2026-11-28"), ("próximos 3 días", "2026-11-26", "2026-11-28"),
        ("weekend", "2026-11-28", "2026-11-29"), ("este fin de semana", "2026-11-28", "2026-11-29"),
        ("monday", "2026-11-30", "2026-11-30"),
    ]) func readsSeveralDays(text: String, first: String, last: String) throws {
        var reader = reader(text)
        let found = reader.readDays()
        let days = try #require(found)
        let expected = try #require(CivilDate(first)).number...(try #require(CivilDate(last)).number)
        #expect(days == .days(CivilDate(number: expected.lowerBound)...CivilDate(number: expected.upperBound)))
        #expect(reader.isAtEnd)
    }

    @Test(arguments: [
        ("15:00", 900), ("9:05", 545), ("3pm", 900), ("3:30pm", 930), ("3 pm", 900), ("12am", 0), ("12pm", 720),
        ("at 9", 540), ("a las 9", 540), ("a la 1", 60), ("a las 3 de la tarde", 900), ("a las 9 de la noche", 1260),
        ("9 de la mañana", 540), ("a las 3 y media de la tarde", 930), ("a las 5 y cuarto", 315), ("15h", 900),
        ("15h30", 930), ("noon", 720), ("at midnight", 0), ("mediodía", 720), ("3 in the afternoon", 900),
        ("3 p.m.", 900), ("@ 14:15", 855), ("9", nil), ("25:00", nil), ("24:00", nil), ("13am", 780), ("9:60", nil),
        ("0pm", nil), ("at", nil), ("", nil),
    ]) func readsTimes(text: String, expected: Int?) {
        var reader = reader(text)
        #expect(reader.readTime() == expected)
        if expected == nil { #expect(reader.place == 0) }
    }

    @Test(arguments: [
        ("30m", 30), ("45 min", 45), ("90 min", 90), ("90min", 90), ("1h", 60), ("1h30", 90), ("1h30m", 90),
        ("1:30", 90), ("1.5h", 90), ("1,5 horas", 90), ("2 hours", 120), ("an hour", 60), ("half an hour", 30),
        ("una hora", 60), ("media hora", 30), ("una hora y media", 90), ("hora y media", 90),
        ("an hour and a half", 90),
        ("1 hour and 15 minutes", 75), ("2 horas 30 minutos", 150), ("un cuarto de hora", 15), ("soon", nil),
        ("15", nil), ("1h75", nil), ("h", nil), ("", nil), ("99999999999h", nil),
    ]) func readsDurations(text: String, expected: Int?) {
        var reader = reader(text)
        #expect(reader.readDuration() == expected)
    }

    @Test(arguments: [
        "\"Dentist\" tomorrow 15:00 for 45m with ana@b.co, joe@c.co",
        "Dentist tomorrow at 3pm with ana@b.co and joe@c.co for 45 min",
        "“Dentist” 15:00 tomorrow for 45m with ana@b.co joe@c.co",
        "Dentist mañana a las 3 de la tarde durante 45 min con ana@b.co y joe@c.co",
        "Dentist tomorrow 15:00 to 15:45 with ana@b.co,joe@c.co",
    ]) func readsWholeRequests(text: String) throws {
        let found = try #require(CalDraft.split(text) { reader($0) })
        let tail = try #require(found.tail)
        #expect(found.title == "Dentist")
        #expect(written(tail.day) == "2026-11-27" && tail.minute == 900 && tail.duration == 45)
        #expect(tail.guests == ["ana@b.co", "joe@c.co"])
    }

    @Test func keepsWhatIsNoTimeInTheTitle() throws {
        let found = try #require(CalDraft.split("call with Ana about the 3 offers tomorrow 9:00") { reader($0) })
        #expect(found.title == "call with Ana about the 3 offers" && found.tail?.minute == 540)
        let alone = try #require(CalDraft.split("\"Plan tomorrow 9:00\"") { reader($0) })
        #expect(alone.title == "Plan tomorrow 9:00" && alone.tail == nil)
        #expect(CalDraft.split("\"Plan\" whenever it suits") { reader($0) } == nil)
        #expect(CalDraft.split("   ") { reader($0) } == nil)
    }

    @Test func readsAnythingInBoundedTime() {
        let pieces = [
            "in", "3", "next", "@", "\"", "03/04", "15:00", "for", "de", "y", "9999999999", "🙂", "con", "a@b.co",
        ]
        var seed = UInt64(7)
        for _ in 0..<2_000 {
            var words: [String] = []
            for _ in 0..<12 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                words.append(pieces[Int(seed >> 33) % pieces.count])
            }
            var reader = reader(words.joined(separator: " "))
            let tail = CalTail(&reader)
            #expect(tail == nil || reader.isAtEnd)
        }
    }
}
