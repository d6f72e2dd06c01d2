import Foundation
import Testing

@testable import Postgres

/// Reading cells, without a server.
@Suite struct DecodingTests {
    func read<T: PostgresDecodable>(_ text: String?, as type: T.Type = T.self) -> T? {
        guard let text else { return T.decodePostgres(nil) }
        return Array(text.utf8).withUnsafeBufferPointer { T.decodePostgres($0) }
    }

    @Test func integersAreReadToTheirLimits() {
        #expect(read("9223372036854775807", as: Int64.self) == .max)
        #expect(read("-9223372036854775808", as: Int64.self) == .min)
        #expect(read("-2147483648", as: Int32.self) == .min)
        for text in ["9223372036854775808", "", "-", "1.0", " 1", "+1", "1e3", "0x1"] {
            #expect(read(text, as: Int64.self) == nil, "\(text)")
        }
        #expect(read("2147483648", as: Int32.self) == nil)
    }

    @Test func booleansAreTOrF() {
        #expect(read("t", as: Bool.self) == true)
        #expect(read("f", as: Bool.self) == false)
        for text in ["true", "", "T", "1"] { #expect(read(text, as: Bool.self) == nil) }
    }

    @Test func nullIsOnlyForOptionals() {
        #expect(read(nil, as: Int?.self) == .some(nil))
        #expect(read(nil, as: Int.self) == nil)
        #expect(read("", as: String?.self) == "")
        #expect(read("x", as: Int?.self) == Int??.none)
    }

    @Test func uuidsKeepTheirBytes() {
        let id = UUID()
        #expect(read(id.uuidString.lowercased(), as: UUID.self) == id)
        for text in ["", "0190", "0190-0000000000000000000000000000000", "g1900000-0000-7000-8000-000000000000"] {
            #expect(read(text, as: UUID.self) == nil)
        }
    }

    @Test func bytesAreHexadecimal() {
        #expect(read("\\x00ff10", as: [UInt8].self) == [0, 255, 16])
        #expect(read("\\x", as: [UInt8].self) == [])
        for text in ["\\x0", "00ff", "\\xzz", ""] { #expect(read(text, as: [UInt8].self) == nil) }
    }

    @Test func badUTF8IsNoText() {
        let bytes: [UInt8] = [0x61, 0xFF]
        #expect(bytes.withUnsafeBufferPointer { String.decodePostgres($0) } == nil)
    }

    @Test func numbersKnowInfinity() {
        #expect(read("Infinity", as: Double.self) == .infinity)
        #expect(read("NaN", as: Double.self)?.isNaN == true)
        #expect((-Double.infinity).postgresValue == .text("-Infinity"))
        #expect(read("0.1", as: Double.self) == 0.1)
    }

    @Test func caseNamesAreRead() {
        enum Color: String, PostgresEncodable, PostgresDecodable { case red, green }
        #expect(read("red", as: Color.self) == .red)
        #expect(read("blue", as: Color.self) == nil)
        #expect(Color.green.postgresValue == .text("green"))
    }
}

@Suite struct TimestampTextTests {
    func microseconds(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { TimestampText.microseconds($0) }
    }

    @Test(arguments: [
        ("1970-01-01 00:00:00+00", 0), ("1970-01-01 00:00:00.000001+00", 1), ("1969-12-31 23:59:59.5+00", -500_000),
        ("2026-11-21 05:56:53.123456+00", 1_795_240_613_123_456),
        ("2026-11-21 11:26:53.123456+05:30", 1_795_240_613_123_456),
        ("2026-11-20 22:56:53.123456-07", 1_795_240_613_123_456), ("2000-02-29", 951_782_400_000_000),
        ("2024-02-29 12:00:00", 1_709_208_000_000_000), ("0001-01-01 00:00:00+00", -62_135_596_800_000_000),
        ("0001-12-31 00:00:00+00 BC", -62_135_683_200_000_000), ("10000-01-01 00:00:00+00", 253_402_300_800_000_000),
    ])
    func isReadAsPostgresWritesIt(text: String, expected: Int64) {
        #expect(microseconds(text) == expected)
    }

    @Test(arguments: [
        "", "infinity", "2026", "2026-13-01", "2026-11-21T05:56:53Z", "2026-11-21 05:56", "2026-11-21 05:56:53+",
        "2026-11-21 05:56:53.+00", "2026-11-21 25:00:00+00", "Sat Nov 21 05:56:53 2026 UTC", "2026-11-21 05:56:53+00x",
    ])
    func otherTextIsRefused(text: String) {
        #expect(microseconds(text) == nil)
    }

    @Test func everyDayComesBack() {
        for day in stride(from: Int64(-3_000_000), through: 3_000_000, by: 97) {
            let (year, month, date) = CivilDay.date(day)
            #expect(CivilDay.number(year: year, month: month, day: date) == day)
        }
    }

    @Test func millisecondsSurviveTheRoundTrip() {
        for offset in 0..<2000 {
            let date = Date(timeIntervalSince1970: Double(1_795_240_613_000 + offset) / 1000)
            guard case .text(let text) = date.postgresValue else { continue }
            let back = Array(text.utf8).withUnsafeBufferPointer { Date.decodePostgres($0) }
            #expect(back == date)
        }
    }
}

@Suite struct ArrayTextTests {
    func strings(_ text: String) -> [String]? {
        Array(text.utf8).withUnsafeBufferPointer { [String].decodePostgres($0) }
    }

    @Test func quotingSurvivesTheRoundTrip() throws {
        let elements = ["", "a", "NULL", "a,b", "{}", "\"", "\\", "\\\"", "ä 🦊", " x ", "line\nbreak"]
        guard case .utf8(let text) = elements.postgresValue else {
            Issue.record("an array travels as text")
            return
        }
        #expect(strings(String(decoding: text, as: UTF8.self)) == elements)
    }

    @Test func bareElementsAreRead() {
        #expect(strings("{}") == [])
        #expect(strings("{a,b}") == ["a", "b"])
    }

    @Test(arguments: ["", "{", "a", "{a", "{a,}", "{,a}", "{\"a}", "{{a}}", "{NULL}", "{a}b", "{\"a\"b}", "{\"a\\}"])
    func otherTextIsRefused(text: String) {
        #expect(strings(text) == nil)
    }
}
