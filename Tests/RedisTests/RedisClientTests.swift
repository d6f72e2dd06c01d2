import Foundation
import NIOCore
import NIOPosix
import Redis
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RedisClientTests {
    /// A key that no other test has.
    let key = "sb:test:{\(UUID().uuidString)}"

    @Test func `ten thousand commands at once each get their own reply`() async throws {
        try await RedisClient.with { client in
            try await withThrowingTaskGroup(of: (Int, RESPValue).self) { group in
                for number in 0..<10_000 {
                    group.addTask { (number, try await client.send(["ECHO", .integer(number)])) }
                }
                for try await (number, reply) in group { try #require(reply.integer == Int64(number)) }
            }
        }
    }

    @Test func `any bytes come back as they went, also many megabytes of them`() async throws {
        let all = (0...255).map { UInt8($0) }
        let big = (0..<8 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await RedisClient.with { client in
            for value in [[], [0], Array("\r\n$-1\r\n".utf8), all, big] as [[UInt8]] {
                _ = try await client.send(["SET", .text(key), .bytes(value), "EX", 60])
                #expect(try await client.send(["GET", .text(key)]).bytes == value)
            }
            _ = try await client.send(["DEL", .text(key)])
            #expect(try await client.send(["GET", .text(key)]).isNull)
        }
    }

    @Test func `errors are thrown with their code, and are values in a batch`() async throws {
        try await RedisClient.with { client in
            _ = try await client.send(["SET", .text(key), "text", "EX", 60])
            let error = await #expect(throws: RedisError.self) { try await client.send(["LPUSH", .text(key), "x"]) }
            guard case .server("WRONGTYPE", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let replies = try await client.send(batch: [["GET", .text(key)], ["LPOP", .text(key)], ["ECHO", "end"]])
            #expect(replies[0].string == "text")
            #expect(throws: RedisError.self) { try replies[1].get() }
            #expect(replies[2].string == "end")
            #expect(try await client.send(batch: []).isEmpty)
        }
    }

    @Test func `cancelled commands end at once and harm nobody`() async throws {
        try await RedisClient.with { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<2_000 {
                    let task = Task { try await client.send(["ECHO", .integer(number)]) }
                    if number.isMultiple(of: 3) { task.cancel() }
                    group.addTask {
                        let reply = await task.result
                        switch reply {
                        case .success(let value): try #require(value.integer == Int64(number))
                        case .failure(let error): try #require(error is CancellationError && number.isMultiple(of: 3))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.send(["ECHO", "still right"]).string == "still right")
        }
    }

    @Test func `too many commands are refused, and room comes back`() async throws {
        try await RedisClient.with(configure: { $0.maxPendingCommands = 10 }) { client in
            _ = try await client.send(["PING"])
            await #expect(throws: RedisError.overloaded(limit: "10 commands")) {
                try await client.send(batch: Array(repeating: ["PING"], count: 11))
            }
            #expect(try await client.send(batch: Array(repeating: ["PING"], count: 10)).count == 10)
        }
    }

    @Test func `too many bytes are refused`() async throws {
        try await RedisClient.with(configure: { $0.maxPendingBytes = 1_000 }) { client in
            _ = try await client.send(["PING"])
            await #expect(throws: RedisError.overloaded(limit: "1000 bytes")) {
                try await client.send(["ECHO", .bytes(Array(repeating: 1, count: 1_000))])
            }
            #expect(try await client.send(["ECHO", "small"]).string == "small")
        }
    }

    @Test func `a reply beyond the limit ends the connection, not the client`() async throws {
        try await RedisClient.with(configure: { $0.maxReplyBytes = 200_000 }) { client in
            _ = try await client.send(["SET", .text(key), .bytes(Array(repeating: 1, count: 1 << 20)), "EX", 60])
            let error = await #expect(throws: RedisError.self) { try await client.send(["GET", .text(key)]) }
            guard case .protocolViolation = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            try await eventually("reconnect") { client.isConnected }
            _ = try await client.send(["DEL", .text(key)])
        }
    }

    @Test func `a reply comes by callback, as do errors, also before the first connection`() async throws {
        try await RedisClient.with { client in
            func send(_ command: [RedisArgument]) async -> Result<RESPValue, RedisError> {
                await withCheckedContinuation { reply in client.send(command) { reply.resume(returning: $0) } }
            }
            #expect(await send(["ECHO", "early"]) == .success(.bulk(Array("early".utf8))))
            let words = RedisWords(["ECHO", .bytes([0, 255])])
            #expect(await send([.words(words)]) == .success(.bulk([0, 255])))
            guard case .failure(.server("ERR", _)) = await send(["ECHO"]) else {
                Issue.record("an error reply is an error")
                return
            }
            await client.shutdown()
            #expect(await send(["PING"]) == .failure(.shutDown))
        }
    }

    @Test func `from every event loop commands go out and replies come back`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        try await RedisClient.with(group: group) { client in
            for loop in group.makeIterator() {
                let promise = loop.makePromise(of: Bool.self)
                loop.execute {
                    guard client.eventLoop === loop else { return promise.succeed(false) }
                    // On the loop's own connection the reply comes on the loop.
                    client.send(["PING"]) { _ in promise.succeed(loop.inEventLoop) }
                }
                let isOnTheLoop = try await promise.futureResult.get()
                #expect(isOnTheLoop)
            }
        }
        try await group.shutdownGracefully()
    }

    @Test func `a posted command takes effect before the next one`() async throws {
        try await RedisClient.with { client in
            _ = try await client.send(["PING"])
            try client.post(["SET", .text(key), "posted", "EX", 60])
            #expect(try await client.send(["GET", .text(key)]).string == "posted")
        }
    }

    @Test func `a blocking read wakes up for what another connection writes, and ends after its time`() async throws {
        try await RedisClient.with { client in
            _ = try await client.send(["PING"])
            try await client.withBlockingConnection { blocking in
                let empty = try await blocking.send(
                    ["BLPOP", .text(key), "0.05"], blocking: .milliseconds(50))
                #expect(empty.isNull)
                async let popped = blocking.send(["BLPOP", .text(key), 10], blocking: .seconds(10))
                _ = try await client.send(["RPUSH", .text(key), "job"])
                #expect(try await popped.array?.last?.string == "job")
            }
        }
    }
}
