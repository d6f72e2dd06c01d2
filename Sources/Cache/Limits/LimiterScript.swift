import Foundation
import Redis

/// Decides about several limits and tells the company's cache generations and a conversation's edition, in one round
/// trip.
///
/// Keys: one for each limit, then the hash of generations when kinds are asked for, then the edition when asked for.
/// Arguments: the time in microseconds or nothing for the server's; a random word for kinds and editions without one; the
/// number of kinds; the kinds; interval and tolerance of each limit.
/// Reply, flat: fits (0 or 1), remaining, reset, retryAfter of each limit; then the generation of each kind; then the
/// edition.
/// Nothing is charged unless all limits fit.
enum LimiterScript {
    static let script = RedisScript(
        """
        local now = tonumber(ARGV[1])
        -- Keys expire by the server's time, which a time from outside may be behind.
        local margin = now and 3600000 or 0
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000000 + time[2]
        end
        local kinds = tonumber(ARGV[3])
        local first = 4 + kinds
        local count = (#ARGV - first + 1) / 2
        local arrivals, fits, all = {}, {}, true
        for i = 1, count do
            local interval, tolerance = tonumber(ARGV[first + 2 * i - 2]), tonumber(ARGV[first + 2 * i - 1])
            local arrival = tonumber(redis.call('GET', KEYS[i]) or now) or now
            arrival = math.min(math.max(arrival, now), now + tolerance)
            arrivals[i] = arrival
            fits[i] = arrival + interval - now <= tolerance
            all = all and fits[i]
        end
        local reply = {}
        for i = 1, count do
            local interval, tolerance = tonumber(ARGV[first + 2 * i - 2]), tonumber(ARGV[first + 2 * i - 1])
            local kept = arrivals[i]
            if all then
                kept = kept + interval
                redis.call('SET', KEYS[i], string.format('%.0f', kept),
                    'PX', string.format('%.0f', math.ceil((kept - now) / 1000) + margin))
            end
            reply[#reply + 1] = fits[i] and 1 or 0
            reply[#reply + 1] = math.floor((tolerance - (kept - now)) / interval)
            reply[#reply + 1] = kept - now
            reply[#reply + 1] = math.max(0, kept + interval - tolerance - now)
        end
        if kinds > 0 then
            local key = KEYS[count + 1]
            local names = {}
            for k = 1, kinds do names[k] = ARGV[3 + k] end
            local values = redis.call('HMGET', key, unpack(names))
            local isNew = false
            for k = 1, kinds do
                if not values[k] then
                    values[k] = ARGV[2]
                    redis.call('HSET', key, names[k], ARGV[2])
                    isNew = true
                end
                reply[#reply + 1] = values[k]
            end
            if isNew then redis.call('EXPIRE', key, \(CacheGenerations.lifetimeInSeconds)) end
            key = KEYS[count + 2]
            if key then
                local edition = redis.call('GET', key)
                if not edition then
                    edition = ARGV[2]
                    redis.call('SET', key, edition, 'EX', \(Editions.lifetimeInSeconds))
                end
                reply[#reply + 1] = edition
            end
        end
        return reply
        """)

    /// - Parameter now: microseconds, nil for the server's time.
    static func run(
        on client: RedisClient, limits: [(key: String, gcra: GCRA)], generationsOf company: UUID?,
        editionOf conversation: UUID? = nil, now: Int64?
    ) async throws -> (decisions: [GCRA.Decision], generations: CacheGenerations?, edition: String?) {
        var keys = limits.map(\.key)
        let kinds = company == nil ? [] : CacheKind.allCases
        var editions = 0
        if let company {
            keys.append(CacheKeys.generations(company))
            if let conversation {
                keys.append(CacheKeys.edition(company, conversation))
                editions = 1
            }
        }
        var arguments: [RedisArgument] = [
            .text(now.map { String($0) } ?? ""), .text(CacheGenerations.candidate()), .integer(kinds.count),
        ]
        for kind in kinds { arguments.append(.text(kind.rawValue)) }
        for limit in limits {
            arguments.append(.integer(Int(limit.gcra.interval)))
            arguments.append(.integer(Int(limit.gcra.tolerance)))
        }
        let reply = try await client.run(script, keys: keys, arguments: arguments)
        guard let parts = reply.array, parts.count == limits.count * 4 + kinds.count + editions else {
            throw RedisError.unexpectedReply(expected: "four numbers a limit, generations and an edition")
        }
        let decisions = limits.indices.map { index in
            let numbers = parts[index * 4..<index * 4 + 4].map { $0.integer ?? 0 }
            // What is kept stays in Redis.
            return GCRA.Decision(
                isAllowed: numbers[0] == 1, arrival: 0, remaining: Int(numbers[1]), reset: numbers[2],
                retryAfter: numbers[3])
        }
        let generations = parts.dropFirst(limits.count * 4).prefix(kinds.count).compactMap(\.string)
        return (
            decisions, company == nil ? nil : CacheGenerations(generations), editions == 0 ? nil : parts.last?.string
        )
    }
}
