import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    @Suite struct MemoryTests {
        /// Invariant 5: memory does not grow with the number of requests. The first rounds fill pools and caches; what
        /// comes after them must be flat.
        @Test func manyRequestsDoNotGrowTheProcess() async throws {
            try await World.with { world in
                try await world.serve { server in
                    let port = server.port
                    let idle = try #require(server.residentKiB)
                    let tenant = try await Threads.one { try Tenant(at: port) }
                    let conversation = try await Threads.one { try tenant.conversation(at: port) }
                    var sizes: [Int] = []
                    let begun = ContinuousClock.now
                    for _ in 0..<4 {
                        try await Self.requests(5_000, tenant, conversation, at: port)
                        sizes.append(try #require(server.residentKiB))
                    }
                    let elapsed = ContinuousClock.now - begun
                    print("resident: idle \(idle) KiB, after each 5,000 requests \(sizes) KiB, \(elapsed)")
                    #expect(sizes[3] - sizes[1] < 8 << 10, "10,000 requests cost \(sizes[3] - sizes[1]) KiB")
                    #expect(sizes[3] < 400 << 10)
                }
            }
        }

        private static func requests(
            _ count: Int, _ tenant: Tenant, _ conversation: String, at port: Int
        ) async throws {
            let workers = 16
            try await Threads.run(workers) { worker in
                let wire = try Wire(port: port)
                for number in 0..<(count / workers) {
                    let reply: Wire.Reply
                    if (number + worker) % 4 == 0 {
                        reply = try wire.send(
                            "POST", "/api/conversations/\(conversation)/messages", token: tenant.token,
                            ["content": "one of many", "clientMessageId": .string(UUID().uuidString)])
                    } else {
                        reply = try wire.send(
                            "GET", "/api/conversations/\(conversation)/messages?limit=5", token: tenant.token)
                    }
                    try #require(reply.status < 300, "\(reply.status)")
                }
            }
        }
    }
}
