import NIOCore

/// Answers that are written piece by piece, as ``OutgoingBody`` asks.
extension ConnectionHandler {
    /// The answer that is being written.
    final class Outgoing {
        let framing: ResponseHead.Framing
        /// Who waits for the client to take what was written.
        private var blocked: UnsafeContinuation<Void, any Error>?
        private var told: (@Sendable (OutgoingBody.News) -> Void)?

        init(_ framing: ResponseHead.Framing) { self.framing = framing }

        func block(_ continuation: UnsafeContinuation<Void, any Error>) { blocked = continuation }
        func unblock(_ result: Result<Void, any Error>) { blocked.take()?.resume(with: result) }
        func listen(_ told: @escaping @Sendable (OutgoingBody.News) -> Void) { self.told = told }
        func tell(_ news: OutgoingBody.News) { told?(news) }
    }

    func listen(_ told: @escaping @Sendable (OutgoingBody.News) -> Void) {
        guard let outgoing, !isEnded else { return told(.gone) }
        outgoing.listen(told)
        if isStopping { told(.stopping) }
    }

    func write(piece: ByteBuffer, _ continuation: UnsafeContinuation<Void, any Error>) {
        guard let outgoing, !isEnded, let context else {
            return continuation.resume(throwing: ChannelError.ioOnClosedChannel)
        }
        guard piece.readableBytes > 0 else { return continuation.resume() }
        if outgoing.framing == .chunks {
            var buffer = channel.allocator.buffer(capacity: piece.readableBytes + 16)
            buffer.writeString(String(piece.readableBytes, radix: 16))
            buffer.writeStaticString("\r\n")
            buffer.writeImmutableBuffer(piece)
            buffer.writeStaticString("\r\n")
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        } else {
            context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
        }
        if isEnded { return continuation.resume(throwing: ChannelError.ioOnClosedChannel) }
        if channel.isWritable { continuation.resume() } else { outgoing.block(continuation) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if channel.isWritable {
            outgoing?.unblock(.success(()))
            advance()
        }
        context.fireChannelWritabilityChanged()
    }

    func endBody() {
        guard let outgoing = outgoing.take(), !isEnded else { return }
        if outgoing.framing == .chunks {
            var buffer = channel.allocator.buffer(capacity: 8)
            buffer.writeStaticString("0\r\n\r\n")
            context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        watchTime(for: idleTime)
        isAnswering = false
        advance()
    }

    /// Closes the connection under an answer that cannot be finished.
    func abortBody() { if outgoing != nil { close() } }
}
