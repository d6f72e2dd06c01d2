import NIOCore
import Synchronization

extension RedisClient {
    /// Subscribes to channels over a connection of its own while `body` runs.
    ///
    /// `body` starts when the subscription stands. A lost connection is opened again in the background, and the
    /// reader gets ``RedisMessage/gap``; so it does when more than `buffer` messages wait to be read.
    /// - Throws: what `body` throws; ``RedisError`` when the first connection does not come about.
    @discardableResult
    public func subscribe<Result: Sendable>(
        to channels: [String], buffer: Int = 1_024, _ body: (RedisSubscription) async throws -> Result
    ) async throws -> Result {
        guard !channels.isEmpty else { throw RedisError.configuration("a subscription needs a channel") }
        let inbox = BoundedInbox<RedisMessage>(limit: buffer, gap: .gap)
        let subscriber = Subscriber(client: self, channels: channels, inbox: inbox)
        let first = try await subscriber.connect(isFirst: true)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await subscriber.keep(first) }
            defer {
                inbox.finish()
                group.cancelAll()
            }
            return try await body(RedisSubscription(inbox: inbox))
        }
    }
}

/// Keeps the connection of one subscription.
private struct Subscriber: Sendable {
    /// How often the server is asked for a sign of life; twice that without one ends the connection.
    static let interval = Duration.seconds(10)

    let client: RedisClient
    let channels: [String]
    let inbox: BoundedInbox<RedisMessage>
    let heard = Heard()

    /// When something last came in.
    final class Heard: Sendable {
        let time = Mutex(ContinuousClock.now)
        func note() { time.withLock { $0 = .now } }
        var age: Duration { time.withLock { ContinuousClock.now - $0 } }
    }

    /// The gap that a new connection begins with, before its first message: what was published until its
    /// subscription stood is lost.
    final class OwedGap: Sendable {
        let isOwed: Mutex<Bool>
        init(_ isOwed: Bool) { self.isOwed = Mutex(isOwed) }
        func pay(_ inbox: BoundedInbox<RedisMessage>) {
            isOwed.withLock { isOwed in
                if isOwed { inbox.pushGap() }
                isOwed = false
            }
        }
    }

    func connect(isFirst: Bool) async throws -> RedisConnection {
        let gap = OwedGap(!isFirst)
        let connection = try await client.openConnection { [inbox, heard] value in
            heard.note()
            guard case .array(let parts) = value, parts.count == 3, parts[0].string == "message",
                let channel = parts[1].string, let payload = parts[2].bytes
            else { return }
            gap.pay(inbox)
            inbox.push(.message(channel: channel, payload: payload))
        }
        do {
            let confirmations = try await connection.send(
                batch: [["SUBSCRIBE"] + channels.map { .text($0) }], repliesPerCommand: channels.count,
                timeout: TimeAmount(client.configuration.commandTimeout))
            for confirmation in confirmations { _ = try confirmation.get() }
            heard.note()
            gap.pay(inbox)
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    /// Watches the connection and opens it again, until the task is cancelled.
    func keep(_ first: RedisConnection) async {
        var connection: RedisConnection? = first
        var backoff = Backoff()
        while !Task.isCancelled {
            if let open = connection {
                await watch(open)
                connection = nil
            }
            try? await Task.sleep(for: backoff.next())
            guard !Task.isCancelled, let opened = try? await connect(isFirst: false) else { continue }
            connection = opened
            backoff.reset()
        }
        connection?.close()
    }

    private func watch(_ connection: RedisConnection) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await connection.waitUntilClosed() }
            group.addTask {
                while (try? await Task.sleep(for: Self.interval)) != nil, heard.age < Self.interval * 2 {
                    guard (try? connection.postForPush(["PING"])) != nil else { break }
                }
                connection.close()
            }
            // Whichever ends first ends the other: the close makes the future true, the cancellation wakes the sleeper.
            await group.next()
            group.cancelAll()
        }
    }
}
