import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

/// One request after the other, whatever a client sends and however it cuts it.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Says what it was asked, method and body, after `pause`.
    private static func echo(_ pause: Duration = .zero) -> ConnectionHandler.Responder {
        { request in
            if pause > .zero { try await Task.sleep(for: pause) }
            let text = "\(request.method.rawValue) \(request.target) \(try await request.text())"
            return Answer.text(text, type: "text/plain")
        }
    }

    private func replies(
        _ count: Int, to request: String, _ respond: @escaping ConnectionHandler.Responder
    ) async throws
        -> [String]
    {
        let told = Journal<String>()
        try await ConnectionBench.with(respond) { bench in
            try await bench.wire { wire in
                try wire.write(request)
                for _ in 0..<count { told.add(String(decoding: try wire.read().body, as: UTF8.self)) }
            }
        }
        return told.all
    }

    @Test func requestsThatComeTogetherAreAnsweredInTheirOrder() async throws {
        let request = (1...5).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
        let replies = try await replies(5, to: request) { request in
            // The first takes longest.
            try await Task.sleep(for: .milliseconds(request.target == "/1" ? 100 : 1))
            return Answer.text(request.target, type: "text/plain")
        }
        #expect(replies == ["/1", "/2", "/3", "/4", "/5"])
    }

    /// Answers that are there at once must not be written from within each other.
    @Test func thousandsThatComeTogetherNeedNoDeeperStack() async throws {
        let request = (1...3_000).map { "GET /\($0) HTTP/1.1\r\n\r\n" }.joined()
        let replies = try await replies(3_000, to: request) { Answer.text($0.target, type: "text/plain") }
        #expect(replies == (1...3_000).map { "/\($0)" })
    }

    @Test func aRequestMayComeByteForByte() async throws {
        try await ConnectionBench.with(Self.echo()) { bench in
            try await bench.wire { wire in
                for byte in "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello\(Self.get)".utf8 {
                    try wire.write([byte])
                }
                #expect(try wire.read().body == Array("POST /b hello".utf8))
                #expect(try wire.read().body == Array("GET /a ".utf8))
            }
        }
    }

    @Test func aLargeBodyComesWholeHoweverLateItIsRead() async throws {
        let body = String(repeating: "0123456789", count: 100_000)
        let request = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        #expect(try await replies(1, to: request, Self.echo(.milliseconds(100))) == ["POST /b \(body)"])
    }

    @Test func chunksAreABody() async throws {
        let request =
            "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n\(Self.get)"
        #expect(try await replies(2, to: request, Self.echo()) == ["POST /b abcde", "GET /a "])
    }

    @Test func anAnswerMayComeBeforeTheBody() async throws {
        try await ConnectionBench.with({ request in Answer.text(request.target, type: "text/plain") }) { bench in
            try await bench.wire { wire in
                try wire.write("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\nbegin")
                #expect(try wire.read().body == Array("/b".utf8))
                // The rest is read away, and what follows is a request again.
                try wire.write(String(repeating: "x", count: 199_995) + Self.get)
                #expect(try wire.read().body == Array("/a".utf8))
            }
        }
    }

    @Test func aBodyThatNobodyReadsIsNotReadForEver() async throws {
        try await ConnectionBench.with({ _ in Answer.text("no", type: "text/plain") }) { bench in
            try await bench.wire { wire in
                try wire.write("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\nbegin")
                #expect(try wire.read().status == 200)
                let piece = [UInt8](repeating: 0x78, count: 1 << 20)
                #expect(throws: WireError.closed) { for _ in 0..<90 { try wire.write(piece) } }
            }
        }
    }

    @Test func whoAsksWhetherToSendABodyIsTold() async throws {
        let head = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        try await ConnectionBench.with(Self.echo()) { bench in
            try await bench.wire { wire in
                try wire.write(head)
                #expect(try wire.take(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                // Once, however often more of it is waited for.
                for piece in ["h", "el", "lo"] {
                    #expect(!wire.hasAnswer(within: 0.05))
                    try wire.write(piece)
                }
                let reply = try wire.read()
                #expect(reply.status == 200 && reply.body == Array("POST /b hello".utf8))
            }
        }
        // One that is refused is not asked to send it.
        try await ConnectionBench.with({ _ in Answer(status: .forbidden) }) { bench in
            try await bench.wire { wire in
                try wire.write(head)
                let reply = try wire.read()
                #expect(reply.status == 403 && reply.headers["connection"] == "close")
                #expect(wire.isClosedByPeer())
            }
        }
    }

    /// Whoever asks and asks and does not read must not fill the server's memory.
    @Test func whoDoesNotReadItsAnswersGetsNoMore() async throws {
        let answered = Counter()
        let page = String(repeating: "x", count: 1 << 20)
        try await ConnectionBench.with({ _ in
            answered.add()
            return Answer.text(page, type: "text/plain")
        }) { bench in
            let opened = Gate()
            async let client: Void = bench.wire { wire in
                for _ in 0..<200 { try wire.write(Self.get) }
                while !opened.isOpen { _ = wire.hasAnswer(within: 0.01) || opened.isOpen }
                for _ in 0..<200 { #expect(try wire.read().body.count == 1 << 20) }
            }
            var last = -1
            try await eventually("no more is answered") {
                defer { last = answered.value }
                return last > 0 && last == answered.value
            }
            try await Task.sleep(for: .milliseconds(200))
            #expect(answered.value < 20)
            opened.open()
            try await client
        }
        #expect(answered.value == 200)
    }

    // MARK: How connections end

    @Test(arguments: [
        ("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n", "close"),
        ("GET /a HTTP/1.0\r\n\r\n", "close"),
        ("GET /a HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", "close"),
    ]) func theClientsWishToEndIsFollowed(request: String, said: String) async throws {
        try await ConnectionBench.with(Self.echo()) { bench in
            try await bench.wire { wire in
                try wire.write(request)
                let reply = try wire.read()
                #expect(reply.body == Array("GET /a ".utf8))
                #expect(reply.headers["connection"] == said)
                #expect(wire.isClosedByPeer())
            }
        }
    }

    @Test func anOldClientMayStay() async throws {
        try await ConnectionBench.with(Self.echo()) { bench in
            try await bench.wire { wire in
                for _ in 0..<2 {
                    try wire.write("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    #expect(try wire.read().headers["connection"] == "keep-alive")
                }
            }
        }
    }

    @Test func whoEndsItsSideGetsAllAnswersAndThenTheEnd() async throws {
        try await ConnectionBench.with(Self.echo(.milliseconds(50))) { bench in
            try await bench.wire { wire in
                try wire.write(Self.get + Self.get)
                wire.endWriting()
                let text = try wire.takeRest()
                #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
                #expect(text.hasSuffix("GET /a "))
            }
        }
    }

    @Test func whatIsNotHTTPIsSaidAfterWhatIs() async throws {
        try await ConnectionBench.with(Self.echo(.milliseconds(50))) { bench in
            try await bench.wire { wire in
                try wire.write(Self.get + "garbage\r\n\r\n")
                #expect(try wire.read().status == 200)
                let reply = try wire.read()
                #expect(reply.status == 400)
                #expect(reply["code"] == "invalid_request")
                #expect(reply["requestId"].stringValue == reply.headers["x-request-id"])
                #expect(wire.isClosedByPeer())
            }
        }
    }

    @Test func aBrokenBodyIsABrokenRequest() async throws {
        let told = Journal<String>()
        try await ConnectionBench.with({ request in
            do { return Answer.text(try await request.text(), type: "text/plain") } catch {
                told.add("\(type(of: error))")
                throw error
            }
        }) { bench in
            try await bench.wire { wire in
                try wire.write("POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                // So that the head is taken before the fault is seen.
                #expect(throws: WireError.timedOut) { try Wire.wait(wire) }
                try wire.write("zz\r\n")
                #expect(try wire.read().status == 400)
                #expect(wire.isClosedByPeer())
            }
            try await bench.wire { wire in
                try wire.write("POST /b HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
                #expect(throws: WireError.timedOut) { try Wire.wait(wire) }
            }
            try await eventually("the second one is told") { told.all.count == 2 }
        }
        #expect(told.all == ["HTTPParserError", "HTTPParserError"])
    }

    @Test func silentConnectionsEndAndBusyOnesDoNot() async throws {
        try await ConnectionBench.with(idle: .seconds(1), Self.echo(.milliseconds(2_500))) { bench in
            try await bench.wire { wire in
                try wire.write(Self.get)
                // The server takes longer than a client may.
                #expect(try wire.read().status == 200)
                #expect(wire.isClosedByPeer())
            }
            try await bench.wire { wire in
                try wire.write("POST /b HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
                #expect(wire.isClosedByPeer())
            }
            try await eventually("none is left") { bench.open.count == 0 }
        }
    }

    @Test func aServerThatStopsFinishesWhatItIsDoing() async throws {
        let entered = Gate()
        let told = Journal<String>()
        try await ConnectionBench.with({ request in
            await entered.pass()
            return Answer.text(request.target, type: "text/plain")
        }) { bench in
            async let idle: Void = bench.wire { wire in
                #expect(wire.isClosedByPeer())
                told.add("idle ends")
            }
            async let busy: Void = bench.wire { wire in
                try wire.write(Self.get)
                let reply = try wire.read()
                #expect(reply.headers["connection"] == "close")
                told.add("answered")
                #expect(wire.isClosedByPeer())
            }
            try await eventually("both are there") { entered.arrivals.value == 1 && bench.open.count == 2 }
            await bench.group.triggerGracefulShutdown()
            try await idle
            #expect(told.all == ["idle ends"])
            entered.open()
            try await busy
        }
        #expect(told.all == ["idle ends", "answered"])
    }

    // MARK: Answers

    @Test func answersWithoutABodyHaveNone() async throws {
        try await ConnectionBench.with({ request in
            switch request.target {
            case "/none": Answer.noContent
            case "/same": Answer(status: .notModified, headers: [.eTag: "\"a\""])
            case "/empty": Answer(status: .ok)
            default: Answer.text("hello", type: "text/plain")
            }
        }) { bench in
            try await bench.wire { wire in
                for (request, length) in [
                    ("GET /none", nil), ("GET /same", nil), ("GET /empty", "0"), ("HEAD /a", "5"), ("GET /a", "5"),
                ] {
                    try wire.write("\(request) HTTP/1.1\r\nHost: x\r\n\r\n")
                    let head = try wire.take(through: "\r\n\r\n").components(separatedBy: "\r\n")
                    let lengths = head.filter { $0.hasPrefix("Content-Length: ") }
                    #expect(lengths == (length.map { ["Content-Length: \($0)"] } ?? []), "\(request)")
                }
                #expect(try wire.take(through: "hello") == "hello")
            }
        }
    }

    @Test func valuesCannotBecomeHeaders() async throws {
        try await ConnectionBench.with({ _ in
            Answer(status: .ok, headers: [.location: "/a\r\nSet-Cookie: b\u{7F}"])
        }) { bench in
            try await bench.wire { wire in
                try wire.write(Self.get)
                let reply = try wire.read()
                #expect(reply.headers["location"] == "/a  Set-Cookie: b")
                #expect(reply.headers["set-cookie"] == nil)
            }
        }
    }
}

extension Wire {
    /// Waits a moment in which nothing may come.
    static func wait(_ wire: Wire) throws {
        if wire.hasAnswer(within: 0.2) { return }
        throw WireError.timedOut
    }
}
