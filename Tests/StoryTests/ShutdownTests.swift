import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

extension Chaos {
    @Suite struct ShutdownTests {
        /// What is under way is finished, what is acknowledged stays, and the process ends well in time.
        @Test func sigtermUnderLoad() async throws {
            try await World.with { world in
                try await world.serve { server in
                    let port = server.port
                    let tenant = try await Threads.one { try Tenant(at: port) }
                    let conversation = try await Threads.one { try tenant.conversation(at: port) }
                    let ledger = Ledger()
                    let lost = Atomic<Int>(0)
                    async let load: Void = Threads.run(12) { writer in
                        guard let wire = try? Wire(port: port) else { return }
                        for number in 0... {
                            let id = "\(writer)-\(number)"
                            guard
                                let reply = try? wire.send(
                                    "POST", "/api/conversations/\(conversation)/messages", token: tenant.token,
                                    ["content": "hello", "clientMessageId": .string(id)])
                            else {
                                // The connection was closed: at most this one request has no answer.
                                _ = lost.add(1, ordering: .relaxed)
                                return
                            }
                            #expect(reply.status == 201, "\(reply.status) while stopping")
                            if reply.status == 201 { try ledger.note(id, reply) }
                        }
                    }
                    try await eventually("the load has begun") { ledger.count > 100 }
                    let begun = ContinuousClock.now
                    server.terminate()
                    try await Task.sleep(for: .milliseconds(100))
                    #expect(try await server.status(of: "/readyz") != 200, "ready while stopping")
                    #expect(try await server.waitForEnd(within: 30) == 0)
                    let elapsed = ContinuousClock.now - begun
                    try await load
                    #expect(lost.load(ordering: .relaxed) <= 12)
                    try await server.start()
                    try await Threads.one {
                        let messages = try history(of: conversation, token: tenant.token, at: port)
                        try ledger.check(messages)
                    }
                    print("SIGTERM: \(ledger.count) messages, ended after \(elapsed)")
                }
            }
        }

        /// A load balancer sees that the server leaves while those who do not know yet are still served.
        @Test func whoLeavesSaysSoFirst() async throws {
            try await World.with { world in
                var world = world
                world.environment["LEAVE_SECONDS"] = "3"
                try await world.serve { server in
                    let port = server.port
                    let tenant = try await Threads.one { try Tenant(at: port) }
                    server.terminate()
                    try await eventually("it says that it leaves") { try await server.status(of: "/readyz") == 503 }
                    _ = try await Threads.one { try tenant.conversation(at: port) }
                    #expect(try await server.waitForEnd(within: 30) == 0)
                }
            }
        }

        /// A connection on which nothing is under way does not hold up the end.
        @Test func idleConnectionsDoNotHoldUpTheEnd() async throws {
            try await World.with { world in
                try await world.serve { server in
                    let port = server.port
                    let wires = try await Threads.one {
                        let wires = try (0..<20).map { _ in try Wire(port: port) }
                        for wire in wires.prefix(10) { _ = try wire.send("GET", "/livez") }
                        return Idle(wires: wires)
                    }
                    #expect(try await server.stop(within: 10) == 0)
                    #expect(wires.count == 20)
                    #expect(!server.log.contains("\"level\":\"error\""), "\(server.log)")
                }
            }
        }
    }
}

/// Connections that are only held open.
///
/// The wires are used by the thread that made them and then only kept alive.
// Nothing calls a wire in here.
private final class Idle: @unchecked Sendable {
    private let wires: [Wire]
    init(wires: [Wire]) { self.wires = wires }
    var count: Int { wires.count }
}
