import Redis
import Tenancy

/// Everything a company has in Redis.
public enum CompanyKeys {
    /// Removes all keys of a company, for its deletion. Walks the key space in steps that each block Redis only
    /// briefly; may be run again at any time.
    /// - Returns: how many keys were removed.
    /// - Throws: ``RedisError``; what was removed until then stays removed. `CancellationError`.
    @discardableResult
    public static func removeAll(_ scope: TenantScope, from client: RedisClient) async throws -> Int {
        let pattern = CacheKeys.pattern(scope.companyId)
        var cursor = "0"
        var removed = 0
        repeat {
            let reply = try await client.send(["SCAN", .text(cursor), "MATCH", .text(pattern), "COUNT", 1_000])
            guard let parts = reply.array, parts.count == 2, let next = parts[0].string, let keys = parts[1].array
            else {
                throw RedisError.unexpectedReply(expected: "a cursor and keys")
            }
            if !keys.isEmpty {
                let names = keys.compactMap(\.bytes).map { RedisArgument.bytes($0) }
                removed += Int(try await client.send(["UNLINK"] + names).integer ?? 0)
            }
            cursor = next
        } while cursor != "0"
        return removed
    }
}
