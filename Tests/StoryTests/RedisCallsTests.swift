import Foundation
import Redis
import TestSupport
import Testing

extension Chaos {
    @Suite struct RedisCallsTests {
        /// Limits, revocation, what is cached and a conversation's edition come with one call, however many parts of the
        /// server ask about a request.
        @Test func aRequestCostsOneCallOfTheLimiter() async throws {
            let (count, others) = (100, 5)
            try await World.withOwnRedis { world, redis in
                try await world.serve { server in
                    try await RedisClient.with(url: redis.url) { client in
                        let port = server.port
                        let (tenant, conversation) = try await Threads.one {
                            let tenant = try Tenant(at: port)
                            return (tenant, try tenant.conversation(at: port))
                        }
                        let path = "/api/conversations/\(conversation)/messages"
                        func calls(_ method: String) async throws -> Int {
                            let before = try await client.scriptCalls()
                            try await Threads.one {
                                let wire = try Wire(port: port)
                                for number in 0..<count {
                                    let isPost = method == "POST"
                                    let reply = try wire.send(
                                        method, path, token: tenant.token,
                                        isPost ? ["content": .string("message \(number)")] : nil)
                                    try #require(reply.status == (isPost ? 201 : 200))
                                }
                            }
                            return try await client.scriptCalls() - before
                        }
                        // What is only asked for once in a while is known after the first requests.
                        _ = try await calls("POST")
                        #expect(try await calls("POST") <= count + others)
                        #expect(try await calls("GET") <= count + others)
                    }
                }
            }
        }
    }
}
