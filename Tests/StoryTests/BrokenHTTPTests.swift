import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    @Suite struct BrokenHTTPTests {
        /// What is not HTTP, or too much of it, gets an answer where one is due; the server goes on serving.
        @Test func brokenRequests() async throws {
            try await World.with { world in
                var world = world
                world.environment["IDLE_SECONDS"] = "3"
                try await world.serve { server in
                    let port = server.port
                    try await Threads.one {
                        let host = "Host: localhost\r\n"
                        let long = String(repeating: "x", count: 20 << 10)
                        let many = (0..<200).map { "X-Filler-\($0): 1\r\n" }.joined()
                        let post = "POST /api/auth/login HTTP/1.1\r\n\(host)Content-Type: application/json\r\n"
                        let chunked = "Transfer-Encoding: chunked\r\n"
                        for (name, request, allowed) in [
                            ("garbage", "\u{1}\u{2}garbage\r\n\r\n", [400]),
                            ("no version", "GET /livez\r\n\r\n", [400]),
                            ("space in the path", "GET /li vez HTTP/1.1\r\n\(host)\r\n", [400]),
                            ("20 KB header", "GET /livez HTTP/1.1\r\n\(host)X-Long: \(long)\r\n\r\n", [400, 431]),
                            ("200 headers", "GET /livez HTTP/1.1\r\n\(host)\(many)\r\n", [400, 431]),
                            ("20 KB path", "GET /\(long) HTTP/1.1\r\n\(host)\r\n", [400, 404, 414, 431]),
                            (
                                "two lengths",
                                "\(post)Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                                [400]
                            ),
                            (
                                "negative length",
                                "\(post)Content-Length: -2\r\n\r\n{}", [400]
                            ),
                            (
                                "length and chunks",
                                "\(post)Content-Length: 2\r\n\(chunked)\r\n0\r\n\r\n",
                                [400, 422]
                            ),
                            (
                                "broken chunk",
                                "\(post)\(chunked)\r\nzz\r\n{}\r\n0\r\n\r\n",
                                [400]
                            ),
                            (
                                "broken JSON",
                                "\(post)Content-Length: 2\r\n\r\n{]", [400]
                            ),
                            (
                                "2 MiB announced",
                                "\(post)Content-Length: 2097152\r\n\r\n", [413]
                            ),
                        ] {
                            let wire = try Wire(port: port, timeout: 10)
                            try wire.write(Array(request.utf8))
                            guard let reply = try? wire.read() else {
                                Issue.record("\(name): no answer")
                                continue
                            }
                            #expect(allowed.contains(reply.status), "\(name): \(reply.status)")
                            #expect(reply.headers["content-type"] == "application/problem+json", "\(name)")
                            #expect(reply["status"].integerValue == Int64(reply.status), "\(name)")
                            #expect(reply["requestId"].stringValue == reply.headers["x-request-id"], "\(name)")
                        }
                        #expect(try Wire(port: port).send("GET", "/livez").status == 200)
                    }
                    #expect(try await server.isReady())
                    #expect(!server.log.contains("\"level\":\"error\""), "\(server.log)")
                }
            }
        }

        /// Who says half of something and falls silent is let go after the idle time, and costs nobody else anything.
        @Test func silentAndHalfRequests() async throws {
            try await World.with { world in
                var world = world
                world.environment["IDLE_SECONDS"] = "2"
                try await world.serve { server in
                    let port = server.port
                    let head = "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    let halves = [
                        "", "GET /livez HTTP/1.1\r\nHost: loc", "\(head)Content-Length: 100\r\n\r\n{\"email\"",
                    ]
                    try await Threads.run(halves.count + 3) { number in
                        if number < halves.count {
                            let wire = try Wire(port: port, timeout: 15)
                            try wire.write(Array(halves[number].utf8))
                            #expect(wire.isClosedByPeer(), "a silent connection is kept: \(halves[number].prefix(20))")
                        } else {
                            // Half a body, then the caller hangs up.
                            for _ in 0..<50 {
                                let wire = try Wire(port: port, timeout: 5)
                                try wire.write(Array(halves[2].utf8))
                            }
                        }
                    }
                    // A byte now and then must not hold a connection for ever.
                    try await Threads.one {
                        let wire = try Wire(port: port, timeout: 1)
                        try wire.write(Array("GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ".utf8))
                        var isOver = false
                        for _ in 0..<30 where !isOver {
                            isOver = (try? wire.write([UInt8(ascii: "x")])) == nil || wire.isClosedByPeer()
                        }
                        #expect(isOver, "headers may trickle for ever")
                    }
                    #expect(try await server.isReady())
                    #expect(!server.log.contains("\"level\":\"error\""), "\(server.log)")
                }
            }
        }

        /// A thousand connections that say nothing do not keep others out, and are closed in time.
        @Test func aThousandIdleConnections() async throws {
            try await World.with { world in
                var world = world
                world.environment["IDLE_SECONDS"] = "6"
                try await world.serve { server in
                    let port = server.port
                    let before = try #require(server.residentKiB)
                    let limit = FileLimit.raise(to: 4_096)
                    let count = min(1000, limit - 200)
                    try await Threads.one {
                        let wires = try (0..<count).map { _ in try Wire(port: port, timeout: 30) }
                        let begun = ContinuousClock.now
                        let wire = try Wire(port: port)
                        for _ in 0..<20 { #expect(try wire.send("GET", "/livez").status == 200) }
                        #expect(ContinuousClock.now - begun < .seconds(5))
                        print("\(count) idle connections: \((server.residentKiB ?? 0) - before) KiB")
                        for wire in wires { #expect(wire.isClosedByPeer()) }
                    }
                    #expect(try await server.isReady())
                }
            }
        }
    }
}
