import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The connections of the server, as Hummingbird's ``Server`` accepts them. SwiftNIO's decoder reads them; a
/// ``ConnectionHandler`` does the rest on the connection's event loop, without a task that lives as long as it does.
struct ConnectionFactory: ServerChildChannel {
    /// What Hummingbird passes from `setup` to `handle`.
    struct Value: ServerChildChannelValue { let channel: any Channel }

    /// Answers a request.
    /// - Throws: `HTTPParserError` when its body turned out not to be HTTP.
    let respond: ConnectionHandler.Responder
    let open: OpenConnections
    /// How long a connection may be silent while something is due from its client.
    let idleTime: TimeAmount

    /// A connection keeps what it reads into for as long as it lives; most requests fit into this.
    private static let reading = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 1024, maximum: 64 * 1024)

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 16 * 1024
            limits.maxHeaderListSize = 16 * 1024
            limits.maxHeaderFieldCount = 100
            let pipeline = channel.pipeline.syncOperations
            try channel.syncOptions?.setOption(.recvAllocator, value: Self.reading)
            try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
            try pipeline.addHandler(
                ConnectionHandler(channel: channel, respond: respond, open: open, idleTime: idleTime))
            return Value(channel: channel)
        }
    }

    /// Nothing is left to do: the handler serves the connection.
    func handle(value: Value, logger: Logger) async {}
}
