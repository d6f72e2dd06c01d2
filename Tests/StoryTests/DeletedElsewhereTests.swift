import Foundation
import Synchronization
import TestSupport
import Testing

extension Chaos {
    @Suite struct DeletedElsewhereTests {
        /// The very next message on the other process is refused, although that one believes in the conversation and
        /// has so much to do that it looks after conversations' metadata later.
        @Test func aConversationThatIsDeletedTakesNoMoreMessagesAnywhere() async throws {
            try await World.with { world in
                try await world.serve { first in
                    try await world.serve { second in
                        let ports = (first.port, second.port)
                        let tenant = try await Threads.one { try Tenant(at: ports.0) }
                        let late = Atomic<Int>(0)
                        let (workers, rounds) = (8, 20)
                        try await Threads.run(workers) { _ in
                            let here = try Wire(port: ports.0)
                            let there = try Wire(port: ports.1)
                            for _ in 0..<rounds {
                                let path = "/api/conversations/\(try tenant.conversation(at: ports.0))"
                                func post() throws -> Int {
                                    try there.send(
                                        "POST", path + "/messages", token: tenant.token, ["content": "hello"]
                                    ).status
                                }
                                for _ in 0..<3 { try #require(try post() == 201) }
                                try #require(try here.send("DELETE", path, token: tenant.token).status == 204)
                                if try post() != 404 { late.add(1, ordering: .relaxed) }
                            }
                        }
                        #expect(late.load(ordering: .relaxed) == 0, "messages were taken into deleted conversations")
                    }
                }
            }
        }
    }
}
