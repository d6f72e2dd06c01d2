import NIOCore

/// The body of an answer that is written piece by piece. It may be written long after the function that began it has
/// returned: the answer is over when ``end()`` was called or the client has gone.
final class OutgoingBody: Sendable {
    /// What a writer is told besides.
    enum News: Sendable {
        /// The client is gone; nothing that is written arrives.
        case gone
        /// The server is stopping and waits for this answer.
        case stopping
    }

    private let connection: NIOLoopBound<ConnectionHandler>
    private let eventLoop: any EventLoop

    init(_ connection: ConnectionHandler, on eventLoop: any EventLoop) {
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    /// Writes a piece. Waits while the client is slow.
    /// - Throws: when the client is gone.
    func write(_ buffer: ByteBuffer) async throws {
        // Resumed once, by the connection. A checked one would cost each of thousands of streams some memory.
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            onLoop { $0.write(piece: buffer, continuation) }
        }
    }

    /// Ends the answer.
    func end() { onLoop { $0.endBody() } }

    /// Closes the connection: the answer cannot be finished, and its client must not take it for whole.
    func fail() { onLoop { $0.abortBody() } }

    /// Calls `told` when there are news, at once when there were. On the connection's event loop; held until the answer
    /// is over.
    func listen(_ told: @escaping @Sendable (News) -> Void) { onLoop { $0.listen(told) } }

    private func onLoop(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
        if eventLoop.inEventLoop {
            body(connection.value)
        } else {
            eventLoop.execute { [connection] in body(connection.value) }
        }
    }
}
