import NIOCore
import NIOHTTPTypes

/// Tells a stream at once when its client has hung up, which the next write would notice only at the next event.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private var isClosed = false
    private var onClosed: (() -> Void)?

    /// A connection keeps what it reads into for as long as it lives; most requests fit into half of what it would be.
    private static let reading = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 1024, maximum: 64 * 1024)

    func handlerAdded(context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.recvAllocator, value: Self.reading)
    }

    /// Calls `onClosed` once when the client of this connection is gone, perhaps at once. From any thread.
    static func tell(_ channel: any Channel, _ onClosed: @escaping @Sendable () -> Void) {
        channel.eventLoop.execute {
            guard let watch = try? channel.pipeline.syncOperations.handler(type: ConnectionWatch.self), !watch.isClosed
            else { return onClosed() }
            watch.onClosed = onClosed
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Clients that close their side while they listen are taken for gone, as by the rest of the server.
        if case .some(.inputClosed) = event as? ChannelEvent { close() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        close()
        context.fireChannelInactive()
    }

    private func close() {
        isClosed = true
        onClosed?()
        onClosed = nil
    }
}
