import Foundation
import Redis
import TestSupport
import Testing

@testable import Cache
@testable import Tenancy

@Suite(.timeLimit(.minutes(2))) struct EventFeedTests {
    func event(_ number: Int) -> FeedEvent { FeedEvent(type: "message.created", seq: Int64(number)) }

    func withFeed(_ client: RedisClient, maxQueued: Int = 10_000, _ body: (EventFeed) async throws -> Void) async throws
    {
        let feed = EventFeed(client: client, logger: quiet, maxQueuedEvents: maxQueued)
        do { try await body(feed) } catch {
            await feed.shutdown()
            throw error
        }
        await feed.shutdown()
    }

    @Test func `events of a process are read in the order of their publishing, page by page`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client) { feed in
                let beginning = try await feed.lastId(scope: scope)
                #expect(try await feed.lastId(scope: scope) == beginning)
                for number in 1...1_000 { feed.publish(event(number), scope: scope) }
                await feed.flush()
                var (got, place): ([Int64], FeedID?) = ([], nil)
                while true {
                    let page = try await feed.read(scope: scope, after: place, limit: 300)
                    #expect(!page.tooOld)
                    got += page.entries.compactMap(\.event.seq)
                    place = page.lastId
                    if page.isEnd { break }
                }
                #expect(got == Array(1...1_000))
                #expect(try await feed.lastId(scope: scope) == place)
                let rest = try await feed.read(scope: scope, after: place, limit: 10)
                #expect(rest.entries.isEmpty && !rest.tooOld && rest.lastId == place)
            }
        }
    }

    @Test func `a place that was trimmed away, or lost with Redis, is too old`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client) { feed in
                for number in 1...20 { feed.publish(event(number), scope: scope) }
                await feed.flush()
                let all = try await feed.read(scope: scope, after: nil, limit: 100).entries
                let key = RedisArgument.text(CacheKeys.feed(scope.companyId))
                _ = try await client.send(["XTRIM", key, "MAXLEN", 10])
                #expect(try await feed.read(scope: scope, after: nil, limit: 100).tooOld)
                #expect(try await feed.read(scope: scope, after: all[5].id, limit: 100).tooOld)
                let rest = try await feed.read(scope: scope, after: all[15].id, limit: 100)
                #expect(!rest.tooOld && rest.entries == Array(all[16...]))
                _ = try await client.send(["DEL", key])
                #expect(try await feed.read(scope: scope, after: all[19].id, limit: 100).tooOld)
                feed.publish(event(21), scope: scope)
                await feed.flush()
                #expect(try await feed.read(scope: scope, after: all[19].id, limit: 100).tooOld)
                #expect(try await !feed.read(scope: scope, after: nil, limit: 100).tooOld)
            }
        }
    }

    /// A Redis full of feeds that nobody may evict would evict everything else instead.
    @Test func `a feed has a time, however it began`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client) { feed in
                let key = RedisArgument.text(CacheKeys.feed(scope.companyId))
                feed.publish(event(1), scope: scope)
                await feed.flush()
                let time = try #require(await client.send(["TTL", key]).integer)
                #expect(time > 86_000 && time <= 86_400)
                _ = try await client.send(["DEL", key])
                _ = try await feed.lastId(scope: scope)
                #expect(try await client.send(["TTL", key]).integer ?? 0 > 86_000)
            }
        }
    }

    @Test func `large events do not fill Redis`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client) { feed in
                let key = RedisArgument.text(CacheKeys.feed(scope.companyId))
                let data = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
                for number in 1...1_000 {
                    feed.publish(
                        FeedEvent(type: "message.created", seq: Int64(number), payload: data), scope: scope)
                    feed.publish(event(number), scope: scope)
                    if number % 100 == 0 { await feed.flush() }
                }
                await feed.flush()
                let bytes = try #require(await client.send(["MEMORY", "USAGE", key, "SAMPLES", "0"]).integer)
                #expect(bytes < 24 << 20 && bytes > 4 << 20)
                let page = try await feed.read(scope: scope, after: nil, limit: 1_000)
                #expect(page.tooOld && page.entries.last?.event.seq == 1_000)
            }
        }
    }

    @Test func `a stream stays within its cap`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client, maxQueued: 20_000) { feed in
                for number in 1...12_000 { feed.publish(event(number), scope: scope) }
                await feed.flush()
                let length = try #require(await client.send(["XLEN", .text(CacheKeys.feed(scope.companyId))]).integer)
                #expect(length >= 10_000 && length <= 10_200)
            }
        }
    }

    @Test func `readers in all processes get every event once and in order, each company its own`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await RedisClient.withCompany { otherClient, otherScope in
                try await withFeed(client) { feed in
                    try await withFeed(otherClient) { otherFeed in
                        let readers = [
                            (await feed.subscribe(scope: scope), 0), (await otherFeed.subscribe(scope: scope), 0),
                            (await otherFeed.subscribe(scope: scope), 0),
                            (await feed.subscribe(scope: otherScope), 1_000),
                        ]
                        for number in 1...200 {
                            feed.publish(event(number), scope: scope)
                            otherFeed.publish(event(number + 1_000), scope: otherScope)
                        }
                        for (reader, base) in readers {
                            var got: [Int64] = []
                            for await delivery in reader {
                                guard case .entry(let entry) = delivery else { break }
                                got.append(entry.event.seq ?? 0)
                                if got.count == 200 { break }
                            }
                            #expect(got == (1...200).map { Int64($0 + base) })
                        }
                    }
                }
            }
        }
    }

    @Test func `a new company is followed at once, though the read of the others blocks`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await RedisClient.withCompany { _, otherScope in
                try await withFeed(client) { feed in
                    let first = await feed.subscribe(scope: scope)
                    feed.publish(event(1), scope: scope)
                    var firstReader = first.makeAsyncIterator()
                    _ = await firstReader.next()
                    // Now the tail blocks for two seconds, knowing one company.
                    let clock = ContinuousClock()
                    let time = await clock.measure {
                        let second = await feed.subscribe(scope: otherScope)
                        feed.publish(event(2), scope: otherScope)
                        var reader = second.makeAsyncIterator()
                        let delivery = await reader.next()
                        guard case .entry(let entry) = delivery else { return missing() }
                        #expect(entry.event == event(2))
                    }
                    #expect(time < .milliseconds(1_900))
                }
            }
        }
    }

    @Test func `a reader that does not read is told to resync and costs no memory`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client) { feed in
                let slow = await feed.subscribe(scope: scope, buffer: 10)
                let quick = await feed.subscribe(scope: scope, buffer: 1_000)
                for number in 1...500 { feed.publish(event(number), scope: scope) }
                for await delivery in quick {
                    if case .entry(let entry) = delivery, entry.event.seq == 500 { break }
                }
                var reader = slow.makeAsyncIterator()
                let first = await reader.next()
                #expect(first == .resync)
                let last = try await feed.lastId(scope: scope)
                var count = 0
                while case .entry(let entry) = await reader.next() {
                    count += 1
                    if entry.id == last { break }
                }
                #expect(count <= 10)
            }
        }
    }

    @Test func `members and visitors get only what they may see, live and later`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await withFeed(client) { feed in
                let user = UUID()
                let key = TenantScope(
                    companyId: scope.companyId, caller: .apiKey(id: UUID(), permissions: [.conversationsRead]))
                let live = await feed.subscribe(scope: key)
                feed.publish(
                    FeedEvent(type: "message.created", audience: FeedAudience(ownerUserId: user), seq: 1), scope: scope)
                feed.publish(event(2), scope: scope)
                await feed.flush()
                var reader = live.makeAsyncIterator()
                guard case .entry(let entry) = await reader.next() else { return missing() }
                #expect(entry.event.seq == 2)
                let page = try await feed.read(scope: key, after: nil, limit: 10)
                #expect(page.entries.map(\.event.seq) == [2])
                #expect(try await feed.read(scope: scope, after: nil, limit: 10).entries.count == 2)
            }
        }
    }

    @Test func `publishing to a full queue or without Redis takes no time, and readers are told afterwards`()
        async throws
    {
        try await OwnRedis.with { server in
            try await RedisClient.with(url: server.url) { client in
                try await withFeed(client, maxQueued: 50) { feed in
                    let scope = TenantScope.forJob(companyId: UUID())
                    let live = await feed.subscribe(scope: scope)
                    var reader = live.makeAsyncIterator()
                    feed.publish(event(1), scope: scope)
                    guard case .entry = await reader.next() else { return missing() }
                    await server.kill()
                    let time = ContinuousClock().measure {
                        for number in 2...10_000 { feed.publish(event(number), scope: scope) }
                    }
                    #expect(time < .seconds(1))
                    try await server.start()
                    await feed.flush()
                    let page = try await feed.read(scope: scope, after: nil, limit: 100)
                    #expect(page.tooOld, "what was lost is marked in the stream")
                    var delivery = await reader.next()
                    #expect(delivery == .resync)
                    feed.publish(event(20_000), scope: scope)
                    try await eventually("live again") {
                        while delivery == .resync { delivery = await reader.next() }
                        guard case .entry(let entry)? = delivery else { return false }
                        return entry.event.seq == 20_000
                    }
                }
            }
        }
    }

    @Test func `a subscription made without Redis begins with a resync when it is there`() async throws {
        try await OwnRedis.with { server in
            await server.kill()
            try await RedisClient.with(url: server.url) { client in
                try await withFeed(client) { feed in
                    let live = await feed.subscribe(scope: .forJob(companyId: UUID()))
                    var reader = live.makeAsyncIterator()
                    try await server.start()
                    #expect(await reader.next() == .resync)
                }
            }
        }
    }

    @Test func `when the feed is shut down its readers end`() async throws {
        try await RedisClient.withCompany { client, scope in
            let feed = EventFeed(client: client, logger: quiet)
            let live = await feed.subscribe(scope: scope)
            let reader = Task {
                var iterator = live.makeAsyncIterator()
                return await iterator.next()
            }
            await feed.shutdown()
            #expect(await reader.value == nil)
            let late = await feed.subscribe(scope: scope)
            var iterator = late.makeAsyncIterator()
            let delivery = await iterator.next()
            #expect(delivery == nil)
        }
    }
}
