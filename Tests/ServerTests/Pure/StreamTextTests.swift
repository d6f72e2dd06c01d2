import Testing

@testable import Server

/// The texts of streams: frames and cursors.
@Suite struct StreamTextTests {
    @Test func framesAreThoseOfTheStandard() {
        var frames = ServerSentEvents()
        frames.retry(milliseconds: 1_000)
        frames.event("message.created", id: "7@1-0", data: Array("{\"a\":1}".utf8))
        frames.event("typing", data: Array("{}".utf8))
        frames.comment("")
        #expect(
            String(decoding: frames.take(), as: UTF8.self) == """
                retry: 1000

                event: message.created
                id: 7@1-0
                data: {"a":1}

                event: typing
                data: {}

                :\u{20}


                """)
        #expect(frames.isEmpty)
    }

    /// Nothing that is told can end its frame early or begin another.
    @Test(arguments: ["a\nevent: evil", "a\r\nid: 9", "a\rb", "\n", "", "a\0b"])
    func noDataBreaksOut(_ text: String) {
        var frames = ServerSentEvents()
        frames.event("x\nevil: 1", id: "1\r2", data: Array(text.utf8))
        let lines = String(decoding: frames.take(), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.suffix(2) == ["", ""])
        #expect(
            lines.dropLast(2).allSatisfy { $0.hasPrefix("event: ") || $0.hasPrefix("id: ") || $0.hasPrefix("data: ") })
        #expect(lines.filter { $0.hasPrefix("event: ") } == ["event: xevil: 1"])
        #expect(lines.filter { $0.hasPrefix("id: ") } == ["id: 12"])
        #expect(lines.contains { $0.hasPrefix("data: ") && !$0.contains("\0") && !$0.contains("\r") })
    }

    @Test func cursorsAreReadAsTheyAreWritten() throws {
        for text in ["0", "7", "7@0-0", "12345@1700000000000-18446744073709551615"] {
            #expect(try #require(StreamCursor(text)).description == text)
        }
        for text in ["", "@", "-1", "+1", "1@", "@1-1", "1@1", "1@1-1@1", "1 ", " 1", "0x1", "1234567890123456789"] {
            #expect(StreamCursor(text) == nil, "\(text)")
        }
    }
}

/// The order of a reader's messages.
@Suite struct MessageOrderTests {
    /// A model of a reader: events come late, twice and in any order, the store has everything, and whatever it was told
    /// to do, the reader ends with each message once.
    @Test(arguments: 0..<200)
    func anyOrderOfEventsBecomesOneToN(_ seed: Int) {
        var random = Dice(seed: UInt64(seed))
        let total = 30
        let start = random.roll(total)
        var order = MessageOrder(after: start)
        var sent: [Int] = []
        var events = (1...total).flatMap { Array(repeating: $0, count: random.roll(3)) } + [total]
        for index in events.indices.dropLast() { events.swapAt(index, random.roll(index + 1)) }
        // The last event arrives last, as a poll would.
        for seq in events {
            let isChange = random.roll(4) == 0
            switch isChange ? order.receiveChange(of: seq) : order.receive(seq) {
            case .send: if !isChange { sent.append(seq) }
            case .drop: break
            case .fill:
                // The store has at least what was told of.
                for stored in order.position + 1...order.known where order.receive(stored) == .send {
                    sent.append(stored)
                }
            }
            #expect(!order.isBehind)
        }
        #expect(sent == (start..<total).map { $0 + 1 })
    }
}

/// A small generator whose runs can be repeated.
private struct Dice {
    var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A number from 0 up to, not including, `sides`.
    mutating func roll(_ sides: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(sides, 1)))
    }
}
