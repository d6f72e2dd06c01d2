import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    @Suite struct WorkerKillTests {
        /// Invariant 4: workers are killed again and again while messages come in; every message gets its one reply,
        /// and what the agent remembers is there once.
        @Test func killedWorkersLeaveEveryMessageAnsweredOnce() async throws {
            try await World.with { world in
                var apart = world
                apart.environment["WORKERS_INSIDE"] = "false"
                try await apart.serve { server in
                    let port = server.port
                    let tenant = try await Threads.one { try Tenant(at: port) }
                    let conversations = try await Threads.one {
                        try (0..<6).map { try tenant.conversation(at: port, title: "Work \($0)") }
                    }
                    let environment = SwitchboardProgram.plainEnvironment.merging(world.environment) { $1 }
                    func worker() throws -> ChildProcess {
                        try ChildProcess.start(SwitchboardProgram.path, ["work"], environment: environment)
                    }
                    let each = 20
                    @Sendable func write(_ numbers: Range<Int>) async throws {
                        try await Threads.run(conversations.count) { which in
                            let sender = Sender(port: port, token: tenant.token, conversation: conversations[which])
                            for number in numbers {
                                _ = try sender.send(
                                    "\(which)-\(number)", content: "@mem remember thing \(which) number \(number)")
                            }
                        }
                    }
                    let sending = Task { try await write(0..<(each - 1)) }
                    var kills = 0
                    for _ in 0..<2 {
                        let process = try worker()
                        try await Task.sleep(for: .milliseconds(Int.random(in: 1_200...2_500)))
                        await process.killNow()
                        kills += 1
                    }
                    try await sending.value
                    let last = try worker()
                    // For this one to answer: until it did it may not know yet how to stop well.
                    try await write(each - 1..<each)
                    do {
                        // A lease of a killed worker runs out after 30 seconds.
                        try await eventually("every message is answered", within: 180) {
                            try await Threads.one {
                                try conversations.allSatisfy {
                                    try history(of: $0, token: tenant.token, at: port).count >= 2 * each
                                }
                            }
                        }
                    } catch {
                        await last.killNow()
                        throw error
                    }
                    last.signal(SIGTERM)
                    try await eventually("the worker stops", within: 40) { last.isOver }
                    #expect(last.exitCode == 0)
                    for conversation in conversations {
                        let messages = try await Threads.one {
                            try history(of: conversation, token: tenant.token, at: port)
                        }
                        #expect(messages.compactMap { $0["seq"]?.integerValue } == (1...Int64(2 * each)).map { $0 })
                        let asked = messages.filter { $0["role"] == "user" }.compactMap { $0["id"]?.stringValue }
                        let replies = messages.filter { $0["role"] == "agent" }
                        #expect(replies.compactMap { $0["inReplyTo"]?.stringValue } == asked, "once each, in order")
                        #expect(replies.allSatisfy { $0["metadata"]?["skill"] != "error" })
                    }
                    print("\(kills) workers killed, \(conversations.count * each) messages answered once")
                }
            }
        }
    }
}
