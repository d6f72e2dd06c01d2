import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    /// Whatever happens to readers, servers and Redis: every reader ends with the messages 1…n, each once and in order.
    @Suite struct StreamTests {
        @Test func twoHundredReadersThatComeAndGoOverTwoProcesses() async throws {
            let (readers, writers, each) = (200, 8, 250)
            try await Stage.with { stage in
                let begun = ContinuousClock.now
                async let writing: Void = Threads.run(writers) { try stage.writer.send(each, as: $0) }
                let all = (0..<readers).map { _ in stage.reader() }
                try await Threads.run(readers) { number in
                    try all[number].read(
                        writers * each, at: stage.ports, staying: 0.2...8, within: 300)
                }
                try await writing
                for reader in all { #expect(reader.faults.isEmpty, "\(reader.faults.prefix(5))") }
                let connections = all.map(\.connections).reduce(0, +)
                #expect(connections > readers, "readers came and went")
                print("\(readers) readers, \(connections) connections, \(ContinuousClock.now - begun)")
            }
        }

        @Test func redisIsKilledAndRestarted() async throws {
            let (readers, phase) = (20, 100)
            try await Stage.with(ownRedis: true) { stage in
                let redis = try #require(stage.redis)
                let all = (0..<readers).map { _ in stage.reader() }
                async let reading: Void = Threads.run(readers) { try all[$0].read(phase * 3, at: stage.ports) }
                try await stage.write(phase, as: 0)
                try await eventually("all have the first part") { all.allSatisfy { $0.last == phase } }
                await redis.kill()
                try await stage.write(phase, as: 1)
                let late = ContinuousClock.now
                try await eventually("without Redis: late, but complete", within: 30) {
                    all.allSatisfy { $0.last == phase * 2 }
                }
                let delay = ContinuousClock.now - late
                try await redis.start()
                try await stage.write(phase, as: 2)
                try await reading
                for reader in all {
                    #expect(reader.faults.isEmpty, "\(reader.faults.prefix(5))")
                    #expect(reader.connections == 1, "no stream broke off")
                }
                print("without Redis all had the messages \(delay) after the last was written")
            }
        }

        @Test func aServerIsKilledInTheMiddle() async throws {
            let (readers, writers, each) = (40, 4, 150)
            try await Stage.with { stage in
                let all = (0..<readers).map { _ in stage.reader() }
                async let reading: Void = Threads.run(readers) { try all[$0].read(writers * each, at: stage.ports) }
                async let writing: Void = Threads.run(writers) { try stage.writer.send(each, as: $0) }
                try await eventually("a third is written") { all[0].last > writers * each / 3 }
                await stage.first.kill()
                try await writing
                let written = ContinuousClock.now
                try await reading
                // What the killed server had stored but not told is told when its sender sends it again.
                #expect(ContinuousClock.now - written < .seconds(20))
                for reader in all { #expect(reader.faults.isEmpty, "\(reader.faults.prefix(5))") }
                #expect(all.contains { $0.connections > 1 })
            }
        }

        @Test func aSlowReaderCostsNothingAndMissesNothing() async throws {
            let (writers, each) = (8, 100)
            let total = writers * each
            try await Stage.with { stage in
                let (conversation, token, port) = (stage.conversation, stage.tenant.token, stage.first.port)
                let quick = stage.reader()
                async let reading: Void = Threads.one { try quick.read(total, at: [port]) }
                try await Threads.one {
                    // Opened, and not read: its buffers and its queue run over.
                    let slow = try EventWire(
                        port: port, "/api/conversations/\(conversation)/events?after=0", token: token)
                    let text = String(repeating: "x", count: 16 << 10)
                    let before = try #require(stage.first.residentKiB)
                    let writing = Threads.start(writers) { try stage.writer.send(each, as: $0, content: text) }
                    try writing.wait()
                    let after = try #require(stage.first.residentKiB)
                    #expect(after - before < 160 << 10, "a reader that does not read cost \(after - before) KiB")
                    var seqs: [Int64] = []
                    while seqs.count < total {
                        guard let event = try slow.event("message.created") else { break }
                        seqs.append(event["seq"].integerValue ?? 0)
                    }
                    #expect(seqs == (1...Int64(total)).map { $0 })
                }
                try await reading
                #expect(quick.faults.isEmpty && quick.connections == 1)
            }
        }

        /// 5,000 readers who have nothing to read cost little memory, and all hear of the next message.
        @Test func idleStreamsAreCheap() async throws {
            let (some, more) = (200, 4_800)
            try #require(FileLimit.raise(to: 8_192) > some + more + 200, "too few files may be open for this test")
            try await Stage.with { stage in
                let (conversation, token, port) = (stage.conversation, stage.tenant.token, stage.first.port)
                try await Threads.one {
                    func open(_ count: Int) throws -> [EventWire] {
                        try (0..<count).map { _ in
                            try EventWire(port: port, "/api/conversations/\(conversation)/events", token: token)
                        }
                    }
                    // The first fill what is filled once.
                    let first = try open(some)
                    let before = try #require(stage.first.residentKiB)
                    let wires = try open(more)
                    Thread.sleep(forTimeInterval: 2)
                    let after = try #require(stage.first.residentKiB)
                    let each = (after - before) / more
                    print("\(more) idle streams: \(each) KiB each")
                    #expect(each < 15, "an idle stream costs \(each) KiB")
                    try stage.second(1)
                    for wire in first + wires { #expect(try wire.event("message.created") != nil) }
                }
            }
        }

        /// A server that stops ends its streams as HTTP wants it and says when to come back; not even a client that
        /// takes nothing holds it up.
        @Test func stoppingSendsReadersElsewhere() async throws {
            try await Stage.with { stage in
                let (conversation, token, ports) = (stage.conversation, stage.tenant.token, stage.ports)
                let stuck = try await StuckReader.open(port: ports[0], conversation, token)
                let text = String(repeating: "y", count: 30 << 10)
                try await Threads.run(8) { try stage.writer.send(50, as: $0, content: text) }
                let listeners = [
                    try await StreamListener.open(port: ports[0], "/api/events", token: token),
                    try await StreamListener.open(
                        port: ports[0], "/api/conversations/\(conversation)/events", token: token),
                ]
                let reader = stage.reader()
                async let reading: Void = Threads.one { try reader.read(450, at: ports) }
                try await eventually("the reader has caught up") { reader.last == 400 }
                let begun = ContinuousClock.now
                stage.first.terminate()
                for listener in listeners {
                    try await listener.waitForEnd(within: 5)
                    #expect(listener.items.last == .end)
                    #expect(
                        listener.items.suffix(3).contains { if case .retry(250...2_000) = $0 { true } else { false } })
                    #expect(
                        listener.items.contains {
                            if case .comment(let text) = $0 { text.contains("connect again") } else { false }
                        })
                }
                #expect(try await stage.first.waitForEnd(within: 20) == 0)
                print("SIGTERM with streams: ended after \(ContinuousClock.now - begun)")
                stuck.hangUp()
                try await Threads.one { try stage.second(50) }
                try await reading
                #expect(reader.faults.isEmpty, "\(reader.faults)")
            }
        }
    }
}
