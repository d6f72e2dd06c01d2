import NIOCore

/// One open connection: the socket and its pipeline of commands.
final class RedisConnection: Sendable {
    private let channel: any Channel
    private let pipeline: CommandPipeline

    init(channel: any Channel, pipeline: CommandPipeline) {
        self.channel = channel
        self.pipeline = pipeline
    }

    /// - Throws: ``RedisError``, also for an error reply; `CancellationError`.
    func send(_ arguments: [RedisArgument], timeout: TimeAmount) async throws -> RESPValue {
        try await pipeline.send(arguments, timeout: timeout, on: channel).get()
    }

    /// Error replies are values here.
    func send(
        batch: [[RedisArgument]], repliesPerCommand: Int = 1, timeout: TimeAmount
    ) async throws -> [RESPValue] {
        try await pipeline.send(batch: batch, repliesPerCommand: repliesPerCommand, timeout: timeout, on: channel)
    }

    /// Calls `then` once with the reply. Error replies are errors.
    func send(_ arguments: [RedisArgument], timeout: TimeAmount, then: @escaping CommandPipeline.ReplyHandler) {
        pipeline.send(arguments, timeout: timeout, on: channel, then: then)
    }

    func post(_ arguments: [RedisArgument], timeout: TimeAmount) throws(RedisError) {
        try pipeline.post(arguments, timeout: timeout, on: channel)
    }

    func postForPush(_ arguments: [RedisArgument]) throws(RedisError) {
        try pipeline.postForPush(arguments, on: channel)
    }

    var isOpen: Bool { pipeline.isOpen }

    /// Ends the connection. Who still waits gets `error`.
    func close(_ error: RedisError = .connectionLost) {
        pipeline.close(error)
        channel.close(promise: nil)
    }

    /// Returns when the socket is closed.
    func waitUntilClosed() async {
        // The close future of a channel cannot fail.
        try? await channel.closeFuture.get()
    }
}
