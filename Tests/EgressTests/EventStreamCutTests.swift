import Testing

@testable import Egress

@Suite("A stream of events is read wherever its bytes are cut")
struct EventStreamCutTests {
    private static let stream =
        "\u{FEFF}: hello\ndata: {\"a\":1}\n\nevent: delta\r\ndata:é\r\ndata: 日本🙂\r\n\r\nid: 7\rdata: x\r\rdata\n\nretry: 5\n\n"

    private static let expected = [
        ServerSentEvent(data: Array("{\"a\":1}".utf8)),
        ServerSentEvent(event: "delta", data: Array("é\n日本🙂".utf8)),
        ServerSentEvent(data: Array("x".utf8), id: "7"), ServerSentEvent(data: [], id: "7"),
    ]

    @Test("In one piece, byte by byte, and cut at every place")
    func cuts() throws {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            var parser = EventStreamParser()
            let events = try parser.feed(bytes[..<cut]) + parser.feed(bytes[cut...])
            let rest = parser.finish()
            #expect(events == Self.expected, "cut at \(cut)")
            #expect(rest == nil)
        }
        var parser = EventStreamParser()
        var events: [ServerSentEvent] = []
        for byte in bytes { events += try parser.feed([byte]) }
        #expect(events == Self.expected)
    }

    @Test("A last event without a blank line is handed over at the end")
    func unfinished() throws {
        var parser = EventStreamParser()
        let events = try parser.feed(Array("data: a\ndata: b".utf8))
        let ends = [parser.finish(), parser.finish()]
        #expect(events.isEmpty)
        #expect(ends == [ServerSentEvent(data: Array("a\nb".utf8)), nil])
    }

    @Test("An event and a stream that are too large are refused, and neither is kept")
    func limits() throws {
        var lines = EventStreamParser(maximumEvent: 10, maximumTotal: 1_000)
        #expect(throws: EventStreamError.eventTooLarge(10)) { try lines.feed(Array("data: 12345".utf8)) }
        // Many short lines of one event count together.
        var many = EventStreamParser(maximumEvent: 20, maximumTotal: 1_000)
        #expect(throws: EventStreamError.eventTooLarge(20)) {
            _ = try many.feed(Array(String(repeating: "data: 1234\n", count: 5).utf8))
        }
        var total = EventStreamParser(maximumEvent: 100, maximumTotal: 30)
        #expect(throws: EventStreamError.streamTooLarge(30)) {
            _ = try total.feed(Array(String(repeating: "data: 1\n\n", count: 5).utf8))
        }
    }
}
