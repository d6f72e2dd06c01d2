import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    @Suite struct ServerKillTests {
        /// Invariant 2: whatever was acknowledged before the server was killed is there, once, and what was not can be
        /// sent again without doubling.
        @Test func killedUnderLoadItLosesAndDoublesNothing() async throws {
            try await World.with { world in
                try await world.serve { server in
                    let port = server.port
                    let tenant = try await Threads.one { try Tenant(at: port) }
                    let conversations = try await Threads.one {
                        try (0..<3).map { try tenant.conversation(at: port, title: "Load \($0)") }
                    }
                    let ledgers = conversations.map { _ in Ledger() }
                    let weather = Weather()
                    async let killing: Void = Self.kill(server, times: 3)
                    try await Threads.run(12) { writer in
                        let which = writer % conversations.count
                        let sender = Sender(
                            port: port, token: tenant.token, conversation: conversations[which], weather: weather)
                        let end = Date.now.addingTimeInterval(9)
                        var number = 0
                        while Date.now < end {
                            let id = "\(writer)-\(number)"
                            try ledgers[which].note(id, sender.send(id))
                            number += 1
                        }
                    }
                    try await killing
                    #expect(weather.report.lost > 0, "the server was never killed under load")
                    try await Threads.one {
                        for (conversation, ledger) in zip(conversations, ledgers) {
                            let first = try history(of: conversation, token: tenant.token, at: port)
                            try ledger.check(first)
                            let order = try history(of: conversation, token: tenant.token, at: port).map { $0["id"] }
                            #expect(order == first.map { $0["id"] })
                        }
                    }
                    print("kill -9 of the server: \(ledgers.map(\.count)) messages, \(weather.report)")
                }
            }
        }

        private static func kill(_ server: ServerProcess, times: Int) async throws {
            for _ in 0..<times {
                try await Task.sleep(for: .milliseconds(Int.random(in: 800...1600)))
                await server.kill()
                try await server.start()
            }
        }
    }
}
