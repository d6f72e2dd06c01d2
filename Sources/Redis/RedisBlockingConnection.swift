import NIOCore

/// A connection for one task's blocking commands.
public struct RedisBlockingConnection: Sendable {
    let connection: RedisConnection
    let commandTimeout: Duration

    /// Sends a command which may block in the server for up to `blocking`, and waits for its reply.
    ///
    /// Tell the server the same time in the command's own words (`BLOCK` milliseconds, or seconds of BLPOP).
    /// The deadline here is that plus the client's command timeout.
    /// - Throws: ``RedisError``, `CancellationError`. After a timeout the connection is closed.
    public func send(_ arguments: [RedisArgument], blocking: Duration = .zero) async throws -> RESPValue {
        try await connection.send(arguments, timeout: TimeAmount(blocking + commandTimeout))
    }

    /// As ``send(_:blocking:)`` for commands in one piece; error replies are values in the result.
    public func send(batch: [[RedisArgument]]) async throws -> [RESPValue] {
        try await connection.send(batch: batch, timeout: TimeAmount(commandTimeout))
    }

    /// The server's number for this connection, as CLIENT UNBLOCK takes it.
    public func id() async throws -> Int64 {
        guard let id = try await send(["CLIENT", "ID"]).integer else {
            throw RedisError.unexpectedReply(expected: "an integer")
        }
        return id
    }
}

extension RedisClient {
    /// Opens a connection of its own for blocking commands and closes it when `body` is left.
    /// - Throws: what `body` throws; ``RedisError/unavailable`` when Redis cannot be reached.
    @discardableResult
    public func withBlockingConnection<Result: Sendable>(
        _ body: (RedisBlockingConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await openConnection()
        // Also unblocks the server's side: a closed connection waits for nothing.
        defer { connection.close() }
        return try await body(
            RedisBlockingConnection(connection: connection, commandTimeout: configuration.commandTimeout))
    }

    /// A connection of its own, with failures to get one told as ``RedisError``.
    func openConnection(pushHandler: CommandPipeline.PushHandler? = nil) async throws -> RedisConnection {
        do {
            return try await connector.connect(pushHandler: pushHandler)
        } catch let error as RedisError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw RedisError.unavailable
        }
    }
}
