import Testing

@testable import Egress

@Suite struct EventStreamParserTests {
    private func events(_ text: String, pieces: Int? = nil) throws -> [ServerSentEvent] {
        var parser = EventStreamParser()
        let bytes = Array(text.utf8)
        var found: [ServerSentEvent] = []
        for start in stride(from: 0, to: bytes.count, by: pieces ?? max(bytes.count, 1)) {
            found += try parser.append(bytes[start..<min(start + (pieces ?? bytes.count), bytes.count)])
        }
        if let last = parser.finish() { found.append(last) }
        return found
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func anyPiecesGiveTheSameEvents(_ end: String) throws {
        let lines = [
            "\u{FEFF}: comment", "event: a", "data: one", "data:two", "data", "id: 7", "", "", "retry: 5", "",
            "data: {\"ü\": \"🌦\"}", "unknown: x", "", "event: empty", "", "data:  space", "",
        ]
        let text = lines.map { $0 + end }.joined()
        let whole = try events(text)
        #expect(whole.map { String(decoding: $0.data, as: UTF8.self) } == ["one\ntwo\n", "{\"ü\": \"🌦\"}", " space"])
        #expect(whole.map(\.name) == ["a", "", ""] && whole.map(\.id) == ["7", "7", "7"])
        for pieces in 1...7 { #expect(try events(text, pieces: pieces) == whole) }
    }

    @Test func anEventAtTheEndIsKept() throws {
        #expect(try events("data: 1\n\ndata: 2").map(\.data) == [Array("1".utf8), Array("2".utf8)])
        #expect(try events("data: 1\n\n\n\n").count == 1 && events("").isEmpty && events(":\n\n").isEmpty)
    }

    @Test func eventsAreBounded() throws {
        var parser = EventStreamParser(maximumBytes: 100)
        let line = Array("data: 0123456789\n".utf8)
        for _ in 0..<50 { _ = try parser.append(line + [0x0A]) }
        #expect(throws: EgressError.self) { for _ in 0..<50 { _ = try parser.append(line) } }
        var other = EventStreamParser(maximumBytes: 100)
        #expect(throws: EgressError.self) { try other.append([UInt8](repeating: 0x61, count: 101)) }
    }
}
