import Foundation
import Redis
import TestSupport
import Testing

/// What happens when Redis dies, hangs or forgets. Each test has a server of its own.
@Suite(.timeLimit(.minutes(2))) struct RedisFailureTests {
    @Test func `a killed server is an immediate answer, and a restarted one is found again`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url) { client in
                _ = try await client.send(["PING"])
                #expect(client.isConnected)
                await server.kill()
                try await eventually("notice") { !client.isConnected }
                let clock = ContinuousClock()
                let time = await clock.measure {
                    for _ in 0..<100 {
                        let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                        #expect(error == .unavailable)
                    }
                }
                #expect(time < .seconds(1), "no command may wait")
                #expect(throws: RedisError.unavailable) { try client.post(["PING"]) }
                try await server.start()
                try await eventually("reconnect") { client.isConnected }
                #expect(try await client.send(["ECHO", "back"]).string == "back")
            }
        }
    }

    @Test func `commands under way when the server dies all end with an error`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url) { client in
                _ = try await client.send(["PING"])
                server.freeze()
                let tasks = (0..<500).map { _ in Task { try await client.send(["PING"]) } }
                try await Task.sleep(for: .milliseconds(50))
                await server.kill()
                for task in tasks {
                    let error = await #expect(throws: RedisError.self) { try await task.value }
                    #expect(error == .connectionLost || error == .unavailable)
                }
            }
        }
    }

    @Test func `a command that times out takes its connection along, so that no reply goes to another`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url, configure: { $0.commandTimeout = .seconds(1) }) { client in
                _ = try await client.send(["PING"])
                for round in 0..<2 {
                    // The late replies "old" come when the server wakes up: nobody may see them.
                    let sleep = Task { try await client.send(["DEBUG", "SLEEP", "1.5"]) }
                    // After it: whose time is up first ends the connection for all.
                    try await Task.sleep(for: .milliseconds(100))
                    let old = (0..<20).map { _ in Task { try await client.send(["ECHO", "old"]) } }
                    await #expect(throws: RedisError.timeout) { try await sleep.value }
                    for task in old { _ = await task.result }
                    try await eventually("reconnect") { client.isConnected }
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<200 {
                            group.addTask {
                                let text = "\(round) \(number)"
                                let reply = try await client.send(["ECHO", .text(text)])
                                #expect(reply.string == text)
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    @Test func `a frozen server costs one deadline and then nothing`() async throws {
        try await OwnRedis.with { server in
            let settings = { (configuration: inout RedisConfiguration) in
                configuration.commandTimeout = .seconds(1)
                configuration.connectTimeout = .seconds(1)
            }
            try await RedisClient.with(url: server.url, configure: settings) { client in
                _ = try await client.send(["PING"])
                server.freeze()
                await #expect(throws: RedisError.timeout) { try await client.send(["PING"]) }
                try await eventually("notice") { !client.isConnected }
                await #expect(throws: RedisError.unavailable) { try await client.send(["PING"]) }
                server.thaw()
                try await eventually("reconnect") { client.isConnected }
                #expect(try await client.send(["ECHO", "back"]).string == "back")
            }
        }
    }

    @Test func `a blocking read on a frozen server ends after its deadline`() async throws {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url, configure: { $0.commandTimeout = .milliseconds(300) }) {
                client in
                await #expect(throws: RedisError.timeout) {
                    try await client.withBlockingConnection { blocking in
                        _ = try await blocking.id()
                        server.freeze()
                        _ = try await blocking.send(["BLPOP", "k", "0.1"], blocking: .milliseconds(100))
                    }
                }
            }
        }
    }

    @Test func `a script is loaded again when the server has forgotten it`() async throws {
        try await OwnRedis.with { server in
            let script = RedisScript("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}")
            try await RedisClient.with(url: server.url) { client in
                for count in 1...3 {
                    let reply = try await client.run(script, keys: ["counter"], arguments: [.bytes([0, 255])])
                    #expect(reply == .array([.bulk(Array("counter".utf8)), .bulk([0, 255]), .integer(Int64(count))]))
                    _ = try await client.send(["SCRIPT", "FLUSH"])
                }
            }
        }
    }

    @Test func `the first command waits for the connection, and fails when there is no server`() async throws {
        try await RedisClient.with(url: "redis://127.0.0.1:\(LocalPort.free())") { client in
            await #expect(throws: RedisError.unavailable) { try await client.send(["PING"]) }
            await #expect(throws: RedisError.unavailable) { try await client.subscribe(to: ["x"]) { _ in } }
        }
    }

    @Test func `after shutdown everything is refused`() async throws {
        try await RedisClient.with { client in
            _ = try await client.send(["PING"])
            await client.shutdown()
            await #expect(throws: RedisError.shutDown) { try await client.send(["PING"]) }
            #expect(!client.isConnected)
        }
    }
}
