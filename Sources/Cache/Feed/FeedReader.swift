import Foundation
import Redis

/// Looks into streams without waiting.
struct FeedReader: Sendable {
    let client: RedisClient

    func read(_ company: UUID, after id: FeedID, limit: Int) async throws -> FeedPage {
        id == .zero ? try await readFromStart(company, limit) : try await readOn(company, id, limit)
    }

    func lastId(_ company: UUID) async throws -> FeedID {
        Self.lastId(try await client.send(Self.lastIdCommand(company)))
    }

    static func lastIdCommand(_ company: UUID) -> [RedisArgument] {
        ["XREVRANGE", .text(CacheKeys.feed(company)), "+", "-", "COUNT", 1]
    }

    static func lastId(_ reply: RESPValue) -> FeedID {
        reply.array?.first?.array?.first?.string.flatMap { FeedID($0) } ?? .zero
    }

    /// Every place that readers know is that of an entry. If that is gone, so may be others after it: trimmed, or
    /// lost when Redis was emptied.
    private func readOn(_ company: UUID, _ id: FeedID, _ limit: Int) async throws -> FeedPage {
        let reply = try await client.send(
            ["XRANGE", .text(CacheKeys.feed(company)), .text(id.description), "+", "COUNT", .integer(limit + 1)])
        guard let found = reply.array else { throw RedisError.unexpectedReply(expected: "entries") }
        let isKnown = Self.id(found.first) == id
        return page(found[(isKnown ? 1 : 0)...].prefix(limit), after: id, isGap: !isKnown, isEnd: found.count <= limit)
    }

    private func readFromStart(_ company: UUID, _ limit: Int) async throws -> FeedPage {
        let key = RedisArgument.text(CacheKeys.feed(company))
        let replies = try await client.send(
            batch: [["XRANGE", key, "-", "+", "COUNT", .integer(limit)], ["XINFO", "STREAM", key]])
        guard let found = try replies[0].get().array else { throw RedisError.unexpectedReply(expected: "entries") }
        return page(found[...], after: .zero, isGap: Self.isTrimmed(replies[1]), isEnd: found.count < limit)
    }

    private func page(_ found: ArraySlice<RESPValue>, after id: FeedID, isGap: Bool, isEnd: Bool) -> FeedPage {
        let entries = found.compactMap { FeedEntry($0) }
        return FeedPage(
            entries: entries.filter { $0.event != .resync },
            tooOld: isGap || entries.count < found.count || entries.contains { $0.event == .resync },
            lastId: Self.id(found.last) ?? id, isEnd: isEnd)
    }

    private static func id(_ entry: RESPValue?) -> FeedID? { entry?.array?.first?.string.flatMap { FeedID($0) } }

    /// Whether a stream has lost its beginning. Redis 7 counts what was ever added; before, a full stream tells.
    private static func isTrimmed(_ info: RESPValue) -> Bool {
        guard let fields = info.array else { return false }
        var numbers: [String: Int64] = [:]
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            if let name = fields[index].string, case .integer(let number) = fields[index + 1] { numbers[name] = number }
        }
        let length = numbers["length"] ?? 0
        return numbers["entries-added"].map { $0 > length } ?? (length >= EventFeed.streamLength)
    }
}
