import Foundation
import Synchronization
import TestSupport
import Testing

extension Chaos {
    @Suite struct WriterTests {
        /// Invariants 2 and 3 over two processes: 1…n without a gap, each message once, and no reader ever sees n+1
        /// without n.
        @Test func twentyWritersOverTwoProcesses() async throws {
            let writers = 20
            let each = 40
            try await World.with { world in
                try await world.serve { first in
                    try await world.serve { second in
                        let ports = [first.port, second.port]
                        let tenant = try await Threads.one { try Tenant(at: ports[0]) }
                        let conversation = try await Threads.one { try tenant.conversation(at: ports[0]) }
                        let ledger = Ledger()
                        let isDone = Atomic<Bool>(false)
                        async let looks = Threads.one {
                            try Self.poll(conversation, tenant, at: ports) { isDone.load(ordering: .acquiring) }
                        }
                        let result = await Swift.Result {
                            try await Threads.run(writers) { writer in
                                let sender = Sender(
                                    port: ports[writer % 2], token: tenant.token, conversation: conversation)
                                for number in 0..<each {
                                    // A quarter of the ids is used by two writers, on different processes.
                                    let id = number % 4 == 0 ? "\(writer / 2)-\(number)" : "own-\(writer)-\(number)"
                                    try ledger.note(id, sender.send(id))
                                }
                            }
                        }
                        isDone.store(true, ordering: .releasing)
                        try result.get()
                        #expect(try await looks > 10)
                        for port in ports {
                            let messages = try await Threads.one {
                                try history(of: conversation, token: tenant.token, at: port)
                            }
                            #expect(messages.count == ledger.count)
                            try ledger.check(messages)
                        }
                        #expect(ledger.count == writers * each - writers / 2 * each / 4)
                    }
                }
            }
        }

        /// Reads on from the last `seq` seen, alternating between processes, until `isDone`.
        /// - Returns: how often it looked.
        private static func poll(
            _ conversation: String, _ tenant: Tenant, at ports: [Int], until isDone: () -> Bool
        ) throws -> Int {
            let wires = try ports.map { try Wire(port: $0) }
            var last: Int64 = 0
            var looks = 0
            while !isDone() {
                let reply = try wires[looks % wires.count].send(
                    "GET", "/api/conversations/\(conversation)/messages?after=\(last)&limit=200", token: tenant.token)
                let seqs = reply.data.compactMap { $0["seq"]?.integerValue }
                #expect(seqs == seqs.indices.map { last + 1 + Int64($0) }, "a reader saw a hole")
                last += Int64(seqs.count)
                looks += 1
            }
            return looks
        }
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous closure gave or threw.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
