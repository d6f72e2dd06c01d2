import Logging
import Redis
import ServiceLifecycle
import Synchronization

/// Calls workers in other processes when a turn waits, through Redis. It makes answers faster and nothing else: a call
/// that is lost is made up for by the workers' own looking, five times a second.
final class TurnCalls: Service {
    private let client: RedisClient
    private let channel: String
    private let logger: Logger
    private let hear = Mutex<(@Sendable () -> Void)?>(nil)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(client: RedisClient, channel: String = "sb:turns", logger: Logger) {
        self.client = client
        self.channel = channel
        self.logger = logger
        // Calls that come while one is on its way are one.
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Calls. Never waits.
    func call() { signal.yield() }

    /// Says what to do when somebody calls; before ``run()``. Without it nothing is listened to.
    func onCall(_ body: @escaping @Sendable () -> Void) { hear.withLock { $0 = body } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.publish() }
                if let body = self.hear.withLock({ $0 }) { group.addTask { await self.listen(body) } }
            }
        }
    }

    private func publish() async {
        for await _ in signals { _ = try? await client.send(["PUBLISH", .text(channel), ""]) }
    }

    private func listen(_ body: @escaping @Sendable () -> Void) async {
        while !Task.isCancelled {
            do {
                try await client.subscribe(to: [channel], buffer: 16) { calls in for await _ in calls { body() } }
            } catch {
                logger.debug("calls of other processes are not heard", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }
}
