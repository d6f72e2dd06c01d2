import Foundation
import TestSupport
import Testing

/// Streams are bounded in number, and say so.
@Suite struct StreamLimitTests {
    @Test func oneCallerAndOneProcessHaveOnlySoMany() async throws {
        try await TestServer.with(["MAX_STREAMS": "3", "MAX_STREAMS_PER_CALLER": "2"]) { server in
            let (ana, bob) = (try await server.api.register("Ana"), try await server.api.register("Bob"))
            let first = try await server.listen("/api/events", as: ana.api)
            _ = try await server.listen("/api/events", as: ana.api)
            let refused = try await refusal { try await server.listen("/api/events", as: ana.api) }
            #expect(refused.status == 429)
            #expect(refused["code"].stringValue == "rate_limited")
            #expect(refused.headers["retry-after"] != nil)
            _ = try await server.listen("/api/events", as: bob.api)
            let full = try await refusal { try await server.listen("/api/events", as: bob.api) }
            #expect(full.status == 503)
            #expect(full["code"].stringValue == "unavailable")
            #expect(full.headers["retry-after"] != nil)
            // Other calls are served, and a place that was given back is free at once.
            try await ana.api.get("/api/conversations").expect(200)
            first.close()
            try await eventually("there is a place again", within: 5) {
                (try? await server.listen("/api/events", as: ana.api)) != nil
            }
        }
    }

    @Test func whatIsNoStreamTakesNoPlace() async throws {
        try await TestServer.with(["MAX_STREAMS": "1"]) { server in
            let ana = try await server.api.register()
            for _ in 0..<3 {
                let token = ana.api.token
                let port = server.port
                let head = try await Threads.one { try Wire(port: port).send("HEAD", "/api/events", token: token) }
                #expect(head.status == 200)
                #expect(try await ana.api.get("/api/conversations/\(ana.userId)/events").status == 404)
            }
            _ = try await server.listen("/api/events", as: ana.api)
        }
    }

    private func refusal(_ open: () async throws -> StreamListener) async throws -> Wire.Reply {
        do {
            _ = try await open()
        } catch let refusal as StreamRefused {
            return refusal.reply
        }
        throw NeverHappened(description: "the stream was not refused")
    }
}
