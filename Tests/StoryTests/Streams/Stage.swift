import Foundation
import Synchronization
import TestSupport
import Testing

/// Two server processes and a conversation to follow on both.
struct Stage: Sendable {
    let first: ServerProcess
    let other: ServerProcess
    let tenant: Tenant
    let conversation: String
    let redis: OwnRedis?

    var ports: [Int] { [first.port, other.port] }
    var writer: RoamingSender { RoamingSender(ports: ports, token: tenant.token, conversation: conversation) }

    func reader() -> ConversationReader { ConversationReader(conversation, token: tenant.token) }

    /// Writes messages one after the other.
    func write(_ count: Int, as number: Int) async throws {
        try await Threads.one { [writer] in try writer.send(count, as: number) }
    }

    /// Writes messages by the second server alone.
    func second(_ count: Int) throws {
        try RoamingSender(ports: [other.port], token: tenant.token, conversation: conversation).send(count, as: 99)
    }

    /// Runs `body` with both servers on stores of their own.
    static func with(ownRedis: Bool = false, _ body: @escaping (Stage) async throws -> Void) async throws {
        func serve(_ world: World, _ redis: OwnRedis?) async throws {
            var world = world
            world.environment["MAX_STREAMS_PER_CALLER"] = "6000"
            try await world.serve { [world] first in
                try await world.serve { other in
                    let (tenant, conversation) = try await Threads.one {
                        let tenant = try Tenant(at: first.port)
                        return (tenant, try tenant.conversation(at: first.port))
                    }
                    try await body(
                        Stage(
                            first: first, other: other, tenant: tenant, conversation: conversation, redis: redis))
                }
            }
        }
        if ownRedis {
            try await World.withOwnRedis { try await serve($0, $1) }
        } else {
            try await World.with { try await serve($0, nil) }
        }
    }
}

/// A reader that takes nothing, held open by a thread.
final class StuckReader: Sendable {
    private let isOver = Atomic<Bool>(false)

    static func open(port: Int, _ conversation: String, _ token: String) async throws -> StuckReader {
        let reader = StuckReader()
        try await withCheckedThrowingContinuation { (opened: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                do {
                    let wire = try EventWire(
                        port: port, "/api/conversations/\(conversation)/events?after=0", token: token)
                    opened.resume()
                    while !reader.isOver.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.05) }
                    withExtendedLifetime(wire) {}
                } catch {
                    opened.resume(throwing: error)
                }
            }
            thread.start()
        }
        return reader
    }

    /// Closes the connection.
    func hangUp() { isOver.store(true, ordering: .releasing) }
}
