import Foundation
import Redis

/// Decides about requests under the same limits and tells the company's cache generations and a conversation's edition,
/// in one round trip.
///
/// Keys: one for each limit, then the hash of generations when it is asked for, then the edition when asked for.
/// Arguments: interval and tolerance of each limit; a random word for kinds and editions without one; the number of
/// requests; the time in microseconds, if it is not to be the server's.
/// Reply, flat: how far ahead each limit's arrival time was before, by which Swift decides as the script did
/// (``GCRA``); then the generations with spaces between; then the edition.
/// Of several requests as many are let through as all limits allow; the others are charged to none.
enum LimiterScript {
    static let script = RedisScript(
        """
        local count = math.floor((#ARGV - 2) / 2)
        local candidate, allowed = ARGV[2 * count + 1], tonumber(ARGV[2 * count + 2])
        local now = tonumber(ARGV[2 * count + 3])
        -- Keys expire by the server's time, which a time from outside may be behind.
        local margin = now and 3600000 or 0
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000000 + time[2]
        end
        local reply, ahead = {}, {}
        for i = 1, count do
            local tolerance = tonumber(ARGV[2 * i])
            local arrival = tonumber(redis.call('GET', KEYS[i]) or now) or now
            ahead[i] = math.min(math.max(arrival - now, 0), tolerance)
            reply[i] = ahead[i]
            allowed = math.min(allowed, math.floor((tolerance - ahead[i]) / ARGV[2 * i - 1]))
        end
        if allowed > 0 then
            for i = 1, count do
                local kept = ahead[i] + allowed * ARGV[2 * i - 1]
                redis.call('SET', KEYS[i], string.format('%.0f', now + kept),
                    'PX', string.format('%.0f', math.ceil(kept / 1000) + margin))
            end
        end
        local key = KEYS[count + 1]
        if key then
            local names = {\(CacheKind.luaWords)}
            local values = redis.call('HMGET', key, unpack(names))
            local isNew = false
            for k = 1, #names do
                if not values[k] then
                    values[k] = candidate
                    redis.call('HSET', key, names[k], candidate)
                    isNew = true
                end
            end
            if isNew then redis.call('EXPIRE', key, \(CacheGenerations.lifetimeInSeconds)) end
            reply[count + 1] = table.concat(values, ' ')
        end
        key = KEYS[count + 2]
        if key then
            local edition = redis.call('GET', key)
            if not edition then
                edition = candidate
                redis.call('SET', key, edition, 'EX', \(Editions.lifetimeInSeconds))
            end
            reply[count + 2] = edition
        end
        return reply
        """)

    /// What Redis says to some requests under the same limits, told in the order in which they came.
    struct Answer: Sendable {
        let generations: CacheGenerations?
        let edition: String?
        private let limits: PreparedLimits
        /// Microseconds that each limit's arrival time is ahead of now.
        private var ahead: [Int64]

        /// - Throws: ``RedisError/unexpectedReply(expected:)``.
        init(_ reply: RESPValue, limits: PreparedLimits, hasEdition: Bool) throws(RedisError) {
            let count = limits.keyed.count
            guard let parts = reply.array,
                parts.count == count + (limits.companyId == nil ? 0 : 1) + (hasEdition ? 1 : 0)
            else { throw .unexpectedReply(expected: "a number for each limit, generations and an edition") }
            self.limits = limits
            ahead = parts.prefix(count).map { $0.integer ?? 0 }
            generations = limits.companyId == nil ? nil : parts[count].bytes.flatMap(CacheGenerations.init(joined:))
            edition = hasEdition ? parts.last?.string : nil
        }

        /// What each limit says to the next request.
        mutating func next() -> [GCRA.Decision] {
            let looks = zip(limits.keyed, ahead).map { $0.gcra.decide(arrival: $1, now: 0, isCharged: false) }
            guard looks.allSatisfy(\.isAllowed) else { return looks }
            let decisions = zip(limits.keyed, ahead).map { $0.gcra.decide(arrival: $1, now: 0) }
            ahead = decisions.map(\.arrival)
            return decisions
        }
    }

    /// The command that asks for some requests at once.
    /// - Parameter now: microseconds, nil for the server's time.
    static func call(
        _ limits: PreparedLimits, editionOf conversation: UUID?, requests: Int, now: Int64?
    ) -> [RedisArgument] {
        var words: [RedisArgument]
        if let conversation, let editions = limits.editions {
            words = [.words(limits.headWithEdition), .text(editions + conversation.lowercased)]
        } else {
            words = [.words(limits.head)]
        }
        words += [.words(limits.figures), .text(CacheGenerations.candidate()), .integer(requests)]
        if let now { words.append(.integer(Int(now))) }
        return words
    }
}

extension CacheKind {
    /// The names of all kinds as Lua writes a list.
    fileprivate static var luaWords: String { allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ") }
}
