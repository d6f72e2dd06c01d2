import Logging
import NIOCore
import Synchronization

/// Keeps one connection for commands: opens it again whenever it is gone, until closed.
final class RedisLink: Sendable {
    private enum Phase {
        /// Before the end of the first attempt: commands wait for it.
        case starting
        case connected(RedisConnection)
        case away
        case closed
    }

    private let connector: RedisConnector
    private let isSilent: Bool
    private let phase = Mutex<Phase>(.starting)
    private let firstAttempt: EventLoopPromise<Void>

    /// - Parameter isSilent: whether another link of the same client tells of both.
    init(connector: RedisConnector, eventLoop: any EventLoop, isSilent: Bool) {
        self.connector = connector
        self.isSilent = isSilent
        firstAttempt = eventLoop.makePromise()
    }

    /// The open connection. Waits only for the end of the very first attempt.
    /// - Throws: ``RedisError/unavailable``, ``RedisError/shutDown``.
    func connection() async throws -> RedisConnection {
        if case .starting = phase.withLock({ $0 }) { try await firstAttempt.futureResult.get() }
        return try openConnection()
    }

    /// The open connection, without any wait.
    func openConnection() throws(RedisError) -> RedisConnection {
        switch phase.withLock({ $0 }) {
        case .connected(let connection): return connection
        case .closed: throw .shutDown
        case .starting, .away: throw .unavailable
        }
    }

    var isConnected: Bool {
        if case .connected(let connection) = phase.withLock({ $0 }) { connection.isOpen } else { false }
    }

    /// Connects and reconnects until ``close()`` and the cancellation of the task.
    func run() async {
        let clock = ContinuousClock()
        var backoff = Backoff()
        var isFirstFailure = true
        while !isClosed {
            do {
                let connection = try await connector.connect()
                enter(.connected(connection))
                log(.info, "Redis is connected")
                isFirstFailure = true
                let start = clock.now
                await connection.waitUntilClosed()
                enter(.away)
                // A server that hangs up at once is not to be asked in a tight loop.
                if clock.now - start > .seconds(1) { backoff.reset() }
                if !isClosed { log(.warning, "Redis connection lost") }
            } catch {
                enter(.away)
                log(isFirstFailure ? .warning : .debug, "Redis cannot be reached", ["reason": "\(error)"])
                isFirstFailure = false
            }
            try? await Task.sleep(for: backoff.next())
        }
        firstAttempt.succeed()
    }

    /// Ends the connection for good. Who still waits for a reply gets ``RedisError/shutDown``.
    func close() {
        let old = phase.withLock { phase in
            defer { phase = .closed }
            return phase
        }
        if case .connected(let connection) = old { connection.close(.shutDown) }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        connector.logger.log(level: isSilent ? .debug : level, message, metadata: metadata)
    }

    private var isClosed: Bool {
        if case .closed = phase.withLock({ $0 }) { true } else { false }
    }

    private func enter(_ next: Phase) {
        let wasClosed = phase.withLock { phase in
            if case .closed = phase { return true }
            phase = next
            return false
        }
        if wasClosed, case .connected(let connection) = next { connection.close(.shutDown) }
        firstAttempt.succeed()
    }
}
