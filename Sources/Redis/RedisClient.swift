import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Commands of all tasks over pipelined connections, one for each event loop, which are kept open in the background.
///
/// * Commands sent from one event loop, or all those sent from elsewhere, take effect in their order.
/// * Connecting starts at once. The first commands wait for the end of the first attempt; later, while
///   disconnected, every command fails at once with ``RedisError/unavailable``.
/// * Commands that are queued before the event loop comes round are written together.
/// * A command that gets no reply in time closes the connection, so that a late reply never reaches another caller.
/// * A cancelled command throws `CancellationError` at once; its reply is dropped, and nobody else notices.
/// * Commands which block (BLPOP, XREAD BLOCK) would hold up everybody: ``withBlockingConnection(_:)``.
///
/// Call ``shutdown()`` at the end, or let a service group do so through ``run()``.
public final class RedisClient: Sendable, Service {
    /// What the client was made with.
    public var configuration: RedisConfiguration { connector.configuration }

    var connector: RedisConnector { links.connector }
    private let links: RedisLinks
    private let keeper: Task<Void, Never>
    private let commandTimeout: TimeAmount

    /// Makes a client and starts to connect. A server that is away is no error here.
    public init(
        configuration: RedisConfiguration, logger: Logger,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        let links = RedisLinks(configuration: configuration, logger: logger, group: eventLoopGroup)
        self.links = links
        commandTimeout = TimeAmount(configuration.commandTimeout)
        keeper = Task { await links.run() }
    }

    deinit {
        links.close()
        keeper.cancel()
    }

    /// Whether commands can be sent here and now.
    public var isConnected: Bool { links.current.isConnected }

    /// The event loop over whose connection a command would go that is sent here and now.
    public var eventLoop: any EventLoop { links.currentLoop }

    /// Sends one command and waits for its reply.
    /// - Throws: ``RedisError``, of which ``RedisError/server(code:message:)`` is an error reply; `CancellationError`.
    public func send(_ arguments: [RedisArgument]) async throws -> RESPValue {
        try await links.current.connection().send(arguments, timeout: commandTimeout)
    }

    /// As ``send(_:)`` without a task that waits: `then` is called once with the reply, on an event loop.
    public func send(
        _ arguments: [RedisArgument], then: @escaping @Sendable (Result<RESPValue, RedisError>) -> Void
    ) {
        let link = links.current
        if let connection = try? link.openConnection() {
            connection.send(arguments, timeout: commandTimeout, then: then)
        } else {
            // Before the end of the first attempt to connect, and while disconnected.
            Task { [commandTimeout] in
                do {
                    try await link.connection().send(arguments, timeout: commandTimeout, then: then)
                } catch {
                    then(.failure(error as? RedisError ?? .unavailable))
                }
            }
        }
    }

    /// Sends commands in one piece and waits for all replies, which come in the order of the commands.
    /// The commands are no transaction. Error replies are values in the result.
    /// - Throws: ``RedisError`` when the replies did not all come, `CancellationError`.
    public func send(batch: [[RedisArgument]]) async throws -> [RESPValue] {
        try await links.current.connection().send(batch: batch, timeout: commandTimeout)
    }

    /// Sends one command without waiting for its reply, which is dropped. Returns at once.
    /// - Throws: ``RedisError/unavailable``, ``RedisError/overloaded(limit:)``, ``RedisError/shutDown``.
    public func post(_ arguments: [RedisArgument]) throws(RedisError) {
        try links.current.openConnection().post(arguments, timeout: commandTimeout)
    }

    /// Runs a script by its SHA-1; loads it first when the server does not know it.
    /// - Throws: as ``send(_:)``.
    public func run(
        _ script: RedisScript, keys: [String], arguments: [RedisArgument] = []
    ) async throws -> RESPValue {
        var command: [RedisArgument] = []
        command.reserveCapacity(3 + keys.count + arguments.count)
        command += ["EVALSHA", .text(script.sha1), .integer(keys.count)]
        for key in keys { command.append(.text(key)) }
        command += arguments
        do {
            return try await send(command)
        } catch RedisError.server("NOSCRIPT", _) {
            return try await load(script, andSend: command)
        }
    }

    /// Runs a script as ``run(_:keys:arguments:)`` does, without a task that waits: `then` is called once with the reply,
    /// on an event loop.
    /// - Parameter call: the whole command, which begins with EVALSHA and the script's SHA-1.
    public func run(
        _ script: RedisScript, call: [RedisArgument],
        then: @escaping @Sendable (Result<RESPValue, RedisError>) -> Void
    ) {
        send(call) { reply in
            guard case .failure(.server("NOSCRIPT", _)) = reply else { return then(reply) }
            Task {
                do {
                    then(.success(try await self.load(script, andSend: call)))
                } catch {
                    then(.failure(error as? RedisError ?? .unavailable))
                }
            }
        }
    }

    private func load(_ script: RedisScript, andSend command: [RedisArgument]) async throws -> RESPValue {
        _ = try await send(["SCRIPT", "LOAD", .text(script.source)])
        return try await send(command)
    }

    /// How long a PING takes.
    /// - Throws: as ``send(_:)``.
    public func ping() async throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await send(["PING"])
        return clock.now - start
    }

    /// Closes the connections for good. Commands that wait fail with ``RedisError/shutDown``.
    public func shutdown() async {
        links.close()
        keeper.cancel()
        await keeper.value
    }

    /// Waits for the graceful shutdown of the service group and then shuts down.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }
}
