import Foundation
import JSON
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000Z"), (951_782_400.5, "2000-02-29T00:00:00.500Z"),
        (-1.0, "1969-12-31T23:59:59.000Z"), (4_102_444_799.999, "2099-12-31T23:59:59.999Z"),
    ])
    func writesAndReads(_ seconds: Double, _ text: String) throws {
        #expect(Timestamp.string(Date(timeIntervalSince1970: seconds)) == text)
        let read = try #require(Timestamp.parse(text))
        #expect(abs(read.timeIntervalSince1970 - seconds) < 0.000_5)
    }

    @Test func everyMillisecondSurvivesARoundTrip() throws {
        for milliseconds in stride(from: 1_700_000_000_000, to: 1_700_000_002_000, by: 1) {
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            #expect(Timestamp.parse(Timestamp.string(date)) == date)
            #expect(date.inMilliseconds == date)
        }
    }

    @Test func readsOffsets() {
        #expect(Timestamp.parse("2026-01-31T10:00:00+02:00") == Timestamp.parse("2026-01-31T08:00:00Z"))
    }

    @Test(arguments: [
        "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "x",
    ])
    func refuses(_ text: String) { #expect(Timestamp.parse(text) == nil) }
}

@Suite struct IdentifierTests {
    @Test func versionSevenSortsByTimeAndKeepsItsForm() throws {
        let early = UUID.v7(at: Date(timeIntervalSince1970: 1_000_000))
        let late = UUID.v7(at: Date(timeIntervalSince1970: 1_000_001))
        #expect(early.lowercased < late.lowercased)
        #expect(early.lowercased == early.uuidString.lowercased())
        #expect(Array(early.lowercased)[14] == "7")
        #expect(UUID(strict: early.lowercased) == early)
        #expect(Set((0..<1000).map { _ in UUID.v7() }).count == 1000)
    }

    @Test(arguments: [
        "", "x", "00000000-0000-0000-0000-00000000000g", "000000000000-0000-0000-0000-00000000",
        "{00000000-0000-0000-0000-000000000000}",
    ])
    func refuses(_ text: String) { #expect(UUID(strict: text) == nil) }
}
