import Foundation
import Redis
import Tenancy

/// Who of each company's people is here just now, for all processes: a sorted set in Redis, whose entries end by
/// themselves unless they are renewed. Nothing that anybody would miss: it can be emptied at any time.
public struct PresenceStore: Sendable {
    /// For how long an entry counts that is not renewed.
    public static let lifetime = Duration.seconds(45)

    private let client: RedisClient

    /// Presence in the Redis of `client`.
    public init(client: RedisClient) { self.client = client }

    /// Lets entries count for `time` from now on, however long they would have counted.
    /// - Throws: ``RedisError``, `CancellationError`.
    public func renew(_ entries: [PresenceEntry], for time: Duration = lifetime, companyId: UUID) async throws {
        guard !entries.isEmpty else { return }
        let key = RedisArgument.text(CacheKeys.presence(companyId))
        let end = Self.milliseconds(after: time)
        var add: [RedisArgument] = ["ZADD", key]
        for entry in entries { add += [.integer(end), .text(entry.text)] }
        let expire: [RedisArgument] = ["PEXPIRE", key, .integer(Int(Self.lifetime / .milliseconds(1)) * 2)]
        for reply in try await client.send(batch: [add, expire]) { _ = try reply.get() }
    }

    /// Everybody who is here.
    /// - Throws: ``RedisError``, `CancellationError`.
    public func read(companyId: UUID) async throws -> Set<PresenceEntry> {
        let reply = try await client.send([
            "ZRANGEBYSCORE", .text(CacheKeys.presence(companyId)), .integer(Self.milliseconds(after: .zero)), "+inf",
        ])
        return Self.entries(reply)
    }

    /// Removes the entries that have ended. Of several callers each entry goes to one.
    /// - Throws: ``RedisError``, `CancellationError`.
    public func takeEnded(companyId: UUID) async throws -> Set<PresenceEntry> {
        let key = RedisArgument.text(CacheKeys.presence(companyId))
        let ended = Self.entries(
            try await client.send(["ZRANGEBYSCORE", key, "-inf", .integer(Self.milliseconds(after: .zero))]))
        guard !ended.isEmpty else { return [] }
        let order = Array(ended)
        let replies = try await client.send(batch: order.map { ["ZREM", key, .text($0.text)] })
        return Set(try zip(order, replies).compactMap { try $1.get().integer == 1 ? $0 : nil })
    }

    private static func entries(_ reply: RESPValue) -> Set<PresenceEntry> {
        Set((reply.array ?? []).compactMap { $0.string.flatMap { PresenceEntry($0) } })
    }

    private static func milliseconds(after time: Duration) -> Int {
        Int(Date().timeIntervalSince1970 * 1_000) + Int(time / .milliseconds(1))
    }
}

/// That a person is here, and perhaps looks at a conversation, by a stream of one process.
public struct PresenceEntry: Sendable, Hashable {
    /// The person.
    public let userId: UUID
    /// The conversation that is looked at.
    public let conversationId: UUID?
    /// The process whose stream it is.
    public let process: UUID

    /// An entry.
    public init(userId: UUID, conversationId: UUID?, process: UUID) {
        self.userId = userId
        self.conversationId = conversationId
        self.process = process
    }

    var text: String { "\(userId.lowercased)|\(conversationId?.lowercased ?? "")|\(process.lowercased)" }

    /// Reads what ``text`` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let userId = UUID(strict: parts[0]), let process = UUID(strict: parts[2]) else {
            return nil
        }
        let conversationId = UUID(strict: parts[1])
        guard conversationId != nil || parts[1].isEmpty else { return nil }
        self.init(userId: userId, conversationId: conversationId, process: process)
    }
}
