import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Answers that are written piece by piece, long after the request was answered.
@Suite(.timeLimit(.minutes(1))) struct ConnectionStreamTests {
    /// Holds the bodies that were begun, and what was told of them.
    private final class Bodies: Sendable {
        let begun = Mutex<[OutgoingBody]>([])
        let told = Journal<String>()

        var respond: ConnectionHandler.Responder {
            { [self] request in
                guard request.target != "/plain" else { return Answer.text("plain", type: "text/plain") }
                return Answer.events { body in
                    self.begun.withLock { $0.append(body) }
                    body.listen { self.told.add($0 == .gone ? "gone" : "stopping") }
                }
            }
        }

        func first() async throws -> OutgoingBody {
            try await eventually("a body is begun") { !self.begun.withLock { $0.isEmpty } }
            return try #require(begun.withLock { $0.first })
        }
    }

    private static func get(_ path: String = "/", version: String = "1.1") -> String {
        "GET \(path) HTTP/\(version)\r\nHost: x\r\n\r\n"
    }

    @Test func piecesComeAsTheyAreWrittenAndThenTheNextAnswer() async throws {
        let bodies = Bodies()
        try await ConnectionBench.with(bodies.respond) { bench in
            async let client: Void = bench.wire { wire in
                try wire.write(Self.get() + Self.get("/plain"))
                let head = try wire.take(through: "\r\n\r\n")
                #expect(head.contains("Transfer-Encoding: chunked") && !head.contains("Content-Length"))
                #expect(try wire.take(through: "\r\none\r\n") == "3\r\none\r\n")
                bodies.told.add("read")
                #expect(try wire.take(through: "0\r\n\r\n") == "10\r\n0123456789abcdef\r\n0\r\n\r\n")
                #expect(try wire.read().body == Array("plain".utf8))
            }
            let body = try await bodies.first()
            try await body.write(ByteBuffer(string: "one"))
            // Nothing is held back until the end.
            try await eventually("the first piece is read") { bodies.told.all == ["read"] }
            try await body.write(ByteBuffer())
            try await body.write(ByteBuffer(string: "0123456789abcdef"))
            body.end()
            try await client
            await #expect(throws: ChannelError.self) { try await body.write(ByteBuffer(string: "late")) }
        }
    }

    @Test func anOldClientReadsToTheEndOfTheConnection() async throws {
        let bodies = Bodies()
        try await ConnectionBench.with(bodies.respond) { bench in
            async let text: String = bench.wire { wire in
                try wire.write(Self.get(version: "1.0"))
                return try wire.takeRest()
            }
            let body = try await bodies.first()
            try await body.write(ByteBuffer(string: "one"))
            body.end()
            #expect(try await text.hasSuffix("Connection: close\r\n\r\none"))
        }
    }

    @Test func whoAsksForTheHeadAloneBeginsNothing() async throws {
        let bodies = Bodies()
        try await ConnectionBench.with(bodies.respond) { bench in
            try await bench.wire { wire in
                try wire.write("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get("/plain"))
                #expect(try wire.take(through: "\r\n\r\n").contains("text/event-stream"))
                #expect(try wire.read().body == Array("plain".utf8))
            }
            #expect(bodies.begun.withLock { $0.isEmpty })
        }
    }

    @Test(arguments: [true, false]) func aClientThatIsGoneIsToldAtOnce(closesWholly: Bool) async throws {
        let bodies = Bodies()
        try await ConnectionBench.with(bodies.respond) { bench in
            try await bench.wire { wire in
                try wire.write(Self.get())
                _ = try wire.take(through: "\r\n\r\n")
                if !closesWholly {
                    wire.endWriting()
                    #expect(try wire.takeRest() == "")
                }
            }
            try await eventually("it is told") { bodies.told.all == ["gone"] }
            let body = try await bodies.first()
            await #expect(throws: ChannelError.self) { try await body.write(ByteBuffer(string: "late")) }
            // Who asks later is told, too.
            body.listen { _ in bodies.told.add("gone again") }
            try await eventually("it is told again") { bodies.told.all == ["gone", "gone again"] }
        }
    }

    @Test func aStoppingServerTellsItsStreamsAndWaitsForThem() async throws {
        let bodies = Bodies()
        try await ConnectionBench.with(bodies.respond) { bench in
            async let text: String = bench.wire { wire in
                try wire.write(Self.get())
                return try wire.takeRest()
            }
            let body = try await bodies.first()
            await bench.group.triggerGracefulShutdown()
            try await eventually("it is told") { bodies.told.all == ["stopping"] }
            try await body.write(ByteBuffer(string: "goodbye"))
            body.end()
            #expect(try await text.hasSuffix("7\r\ngoodbye\r\n0\r\n\r\n"))
        }
    }

    @Test func aSlowClientHoldsTheWriterUp() async throws {
        let bodies = Bodies()
        let written = Counter()
        try await ConnectionBench.with(bodies.respond) { bench in
            let opened = Gate()
            async let count: Int = bench.wire { wire in
                try wire.write(Self.get())
                while !opened.isOpen { _ = wire.hasAnswer(within: 0.01) }
                return try wire.takeRest().utf8.count
            }
            let body = try await bodies.first()
            let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            async let writing: Void = {
                for _ in 0..<40 {
                    try await body.write(piece)
                    written.add()
                }
                body.fail()
            }()
            var last = -1
            try await eventually("the writer waits") {
                defer { last = written.value }
                return last > 0 && last == written.value
            }
            #expect(written.value < 40, "a client that reads nothing is written to without end")
            opened.open()
            try await writing
            #expect(try await count > 39 << 20)
        }
    }

    @Test func anIdleStreamIsNotASilentConnection() async throws {
        let bodies = Bodies()
        try await ConnectionBench.with(idle: .milliseconds(200), bodies.respond) { bench in
            try await bench.wire { wire in
                try wire.write(Self.get())
                _ = try wire.take(through: "\r\n\r\n")
                #expect(!wire.hasAnswer(within: 1), "it was closed")
            }
        }
    }
}
