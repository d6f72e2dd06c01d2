import Foundation
import JSON
import NIOCore
import NIOHTTP1

extension ConnectionHandler {
    /// Bodies up to this size are sent in one piece with their head, larger ones beside it without a copy.
    private static var smallBody: Int { 4096 }
    /// Room for a head.
    private static var headSize: Int { 1024 }

    func answer(_ head: HTTPRequestHead, _ body: Request.Body) {
        isAnswering = true
        isModern = Self.isModern(head)
        isHead = head.method == .HEAD
        // After an upgrade, which nothing here takes part in, the decoder would wait for it.
        isKeptAlive = head.isKeepAlive && !head.headers.contains(name: "upgrade")
        guard let request = IncomingRequest(head, body, channel: channel) else { return refuse() }
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        Task.immediate { [respond] in
            do {
                let answer = try await respond(request)
                connection.execute { $0.take(answer) }
            } catch {
                connection.execute { $0.refuse() }
            }
        }
    }

    private func take(_ answer: Answer) {
        guard answer.delay > .zero else { return write(answer) }
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.eventLoop.scheduleTask(in: TimeAmount(answer.delay)) { connection.value.write(answer) }
    }

    private func write(_ answer: Answer) {
        switch answer.body {
        case .none: write(answer, ByteBuffer())
        case .bytes(let bytes): write(answer, ByteBuffer(bytes: bytes))
        case .shared(let buffer): write(answer, buffer)
        case .stream(let begin): write(answer, pieces: begin)
        }
    }

    /// Writes a whole answer.
    private func write(_ answer: Answer, _ body: ByteBuffer) {
        guard !isEnded, let context else { return }
        let head = ResponseHead(
            status: answer.status, headers: answer.headers, framing: .length(body.readableBytes),
            connection: connectionWord())
        let isShown = !isHead && ResponseHead.hasBody(answer.status) && body.readableBytes > 0
        let isSmall = body.readableBytes <= Self.smallBody
        var buffer = channel.allocator.buffer(
            capacity: Self.headSize + (isShown && isSmall ? body.readableBytes : 0))
        head.write(to: &buffer)
        if isShown, isSmall { buffer.writeImmutableBuffer(body) }
        context.write(wrapOutboundOut(buffer), promise: nil)
        if isShown, !isSmall { context.write(wrapOutboundOut(body), promise: nil) }
        context.flush()
        isAnswering = false
        advance()
    }

    /// Writes the head of an answer whose body follows in pieces.
    private func write(_ answer: Answer, pieces begin: @Sendable (OutgoingBody) -> Void) {
        guard !isEnded, let context else { return }
        let framing = isModern ? ResponseHead.Framing.chunks : .close
        if framing == .close { isKeptAlive = false }
        let head = ResponseHead(
            status: answer.status, headers: answer.headers, framing: framing, connection: connectionWord())
        var buffer = channel.allocator.buffer(capacity: Self.headSize)
        head.write(to: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        if isHead {
            isAnswering = false
            return advance()
        }
        outgoing = Outgoing(framing)
        stopWatchingTime()
        begin(OutgoingBody(self, on: channel.eventLoop))
    }

    /// What an answer says of the connection, which is decided now.
    private func connectionWord() -> String? {
        // Whether a body still comes of a client that waits for the word to send it, nobody can know.
        if owesWord || (isLast && !hasMore) { isKeptAlive = false }
        owesWord = false
        if !isKeptAlive { return "close" }
        return isModern ? nil : "keep-alive"
    }

    /// Answers what is not HTTP, and ends.
    func refuse() {
        guard !isEnded else { return }
        isKeptAlive = false
        let problem = Problem.malformed(
            "The request is not HTTP as this server understands it, or its head is too large.")
        let requestId = UUID.v7().lowercased
        var answer = problem.answer(requestId: requestId)
        answer.headers[.requestId] = requestId
        write(answer)
    }

    // MARK: The end

    /// Ends our side when all is written, and waits a moment for the client to end its own: closing at once could take
    /// the last answer from it (RFC 9112 section 9.6).
    func end() {
        guard !isEnded, let context else { return }
        isEnded = true
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let promise = channel.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { result in connection.value.ended(result) }
        context.writeAndFlush(wrapOutboundOut(channel.allocator.buffer(capacity: 0)), promise: promise)
    }

    private func ended(_ result: Result<Void, any Error>) {
        guard case .success = result, !isInputClosed, let context else { return close() }
        isOutputClosed = true
        context.close(mode: .output, promise: nil)
        watchTime(for: isStopping ? Self.lingeringWhenStopping : Self.lingering)
    }
}
