import NIOCore
import NIOHTTP1

/// How requests are read: one after the other, each as soon as its turn has come.
extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        lastActive = channel.eventLoop.now
        if isEnded { return }
        if mustWait { waiting.append(part) } else { take(part) }
    }

    /// Whether what comes now waits: for the answer to the request before it, or for the client to take the answers that
    /// it got.
    private var mustWait: Bool {
        if !waiting.isEmpty { return true }
        switch reading {
        case .whole: return isAnswering
        case .nothing: return !channel.isWritable
        case .begun, .body, .rest: return false
        }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch (part, reading) {
        case (.head(let head), _): reading = .begun(head, nil)
        case (.body(let piece), .begun(let head, var body)):
            var piece = piece
            reading = .nothing
            if body == nil { body = piece } else { body?.writeBuffer(&piece) }
            reading = .begun(head, body)
        case (.body(let piece), .body(let body)): body.append(piece)
        case (.body(let piece), .rest(let room)):
            reading = .rest(room - piece.readableBytes)
            if room < piece.readableBytes { close() }
        case (.end, .begun(let head, let body)):
            reading = .whole
            answer(head, .whole(body ?? ByteBuffer()))
        case (.end, .body(let body)):
            reading = .whole
            body.finish()
        case (.end, .rest):
            reading = .nothing
            advance()
        case (.body, _), (.end, _): break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // More of it comes later: who calls, and whether they may, is found out meanwhile.
        if case .begun(let head, let begin) = reading { answerEarly(head, begin) }
        context.fireChannelReadComplete()
    }

    private func answerEarly(_ head: HTTPRequestHead, _ begin: ByteBuffer?) {
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let expectation = head.headers[canonicalForm: "expect"].first?.lowercased()
        owesWord = begin == nil && expectation == "100-continue" && Self.isModern(head)
        let body = IncomingBody(begin) { connection.execute { $0.wantBody() } }
        reading = .body(body)
        answer(head, .coming(body))
    }

    /// Somebody waits for the body: a client that asked whether to send it is told to (RFC 9110 section 10.1.1).
    private func wantBody() {
        guard case .body = reading else { return }
        if owesWord, !isEnded, let context {
            owesWord = false
            var buffer = channel.allocator.buffer(capacity: 32)
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        readOn()
    }

    /// Whether requests wait for their turn.
    var hasMore: Bool { !waiting.isEmpty }

    /// Holds back what nobody has taken yet.
    func read(context: ChannelHandlerContext) {
        let isHeld: Bool
        if case .body(let body) = reading { isHeld = body.isFull } else { isHeld = !waiting.isEmpty }
        if isHeld { isReadHeld = true } else { context.read() }
    }

    private func readOn() {
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }

    // MARK: One after the other

    /// Goes on to the next request when there is no answer to write any more, or ends.
    func advance() {
        // An answer that is written at once gets here again.
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while !isAnswering, !isEnded {
            switch reading {
            case .body(let body):
                body.abandon()
                reading = .rest(Self.longestRest)
                continue
            case .rest:
                // A client that waits for the word to send its body will not send it.
                if isBroken || isLast || !isKeptAlive { end() } else { readOn() }
                return
            case .whole: reading = .nothing
            case .nothing, .begun: break
            }
            guard isKeptAlive else { return end() }
            // Goes on when the client has taken its answers.
            if hasMore, case .nothing = reading, !channel.isWritable { return }
            if let part = waiting.popFirst() {
                take(part)
            } else if !rest() {
                return
            }
        }
    }

    /// All that came was taken.
    /// - Returns: whether there was something to answer all the same.
    private func rest() -> Bool {
        if isBroken {
            refuse()
            return true
        }
        if case .begun(let head, let begin) = reading, !isLast {
            answerEarly(head, begin)
            return true
        }
        if isLast { end() } else { readOn() }
        return false
    }
}
