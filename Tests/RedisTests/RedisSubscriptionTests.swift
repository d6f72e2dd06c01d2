import Foundation
import Redis
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RedisSubscriptionTests {
    @Test func `messages of all channels arrive in order, whatever their bytes`() async throws {
        let channels = ["sb:test:\(UUID())", "sb:test:\(UUID())"]
        try await RedisClient.with { client in
            let got = try await client.subscribe(to: channels) { messages in
                for number in 0..<100 {
                    _ = try await client.send(
                        ["PUBLISH", .text(channels[number % 2]), .bytes([0, 13, 10, UInt8(number)])])
                }
                var got: [RedisMessage] = []
                for await message in messages {
                    got.append(message)
                    if got.count == 100 { break }
                }
                return got
            }
            #expect(got == (0..<100).map { .message(channel: channels[$0 % 2], payload: [0, 13, 10, UInt8($0)]) })
            let count = try await client.send(["PUBLISH", .text(channels[0]), "after"]).integer
            #expect(count == 0, "the scope ended, so must the subscription")
        }
    }

    @Test func `a slow reader gets a gap instead of growing memory`() async throws {
        let channel = "sb:test:\(UUID())"
        try await RedisClient.with { client in
            let got = try await client.subscribe(to: [channel], buffer: 10) { messages in
                for number in 0..<25 { _ = try await client.send(["PUBLISH", .text(channel), .integer(number)]) }
                // The message that follows on the same connection: everything before it has been delivered.
                try await eventually("all delivered") {
                    try await client.send(["PUBLISH", .text(channel), "end"]).integer == 1
                }
                var got: [RedisMessage] = []
                for await message in messages {
                    got.append(message)
                    if message == .message(channel: channel, payload: Array("end".utf8)) { break }
                }
                return got
            }
            #expect(got.first == .gap)
            #expect(got.count <= 12)
        }
    }

    @Test func `a restarted server is subscribed to again, with a gap`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url) { client in
                try await client.subscribe(to: ["news"]) { messages in
                    var iterator = messages.makeAsyncIterator()
                    _ = try await client.send(["PUBLISH", "news", "one"])
                    #expect(await iterator.next() == .message(channel: "news", payload: Array("one".utf8)))
                    await server.kill()
                    try await server.start()
                    try await eventually("subscribed again") {
                        guard client.isConnected else { return false }
                        // That the old connection is lost may not have been noticed.
                        return (try? await client.send(["PUBLISH", "news", "two"]))?.integer == 1
                    }
                    #expect(await iterator.next() == .gap)
                    var next = await iterator.next()
                    while next == .gap { next = await iterator.next() }
                    #expect(next == .message(channel: "news", payload: Array("two".utf8)))
                }
            }
        }
    }
}
