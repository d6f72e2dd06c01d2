import NIOCore
import NIOExtras
import NIOHTTP1

/// One HTTP/1.1 connection, on its event loop: takes one request after the other and writes what answers it, in order.
///
/// A request that is there whole is answered without waiting for anything; one whose body is still coming is begun, and
/// may end before its body was read. How answers are written is in `ConnectionHandler+Answers.swift`.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    /// Answers a request.
    /// - Throws: `HTTPParserError` when its body turned out not to be HTTP.
    typealias Responder = nonisolated(nonsending) @Sendable (IncomingRequest) async throws -> Answer

    /// Where the connection is with the request that it is reading.
    enum Reading {
        /// Between two requests.
        case nothing
        /// The head is there, and perhaps some of the body.
        case begun(HTTPRequestHead, ByteBuffer?)
        /// The request is being answered while its body comes.
        case body(IncomingBody)
        /// It was answered before its body was read; so many bytes may still come before that is too much.
        case rest(Int)
        /// It is there whole.
        case whole
    }

    /// What of an unread body is read, so that the client sees the answer before the connection ends.
    static let longestRest = 4 << 20
    /// How long a client may take to hang up after the last answer.
    static let lingering = TimeAmount.seconds(5)

    let channel: any Channel
    let respond: Responder
    private let open: OpenConnections
    let idleTime: TimeAmount

    var context: ChannelHandlerContext?
    var reading = Reading.nothing
    /// Whether a request is being answered.
    var isAnswering = false
    /// Whether the answer's connection goes on after it.
    var isKeptAlive = true
    /// Whether the client speaks HTTP/1.1.
    var isModern = true
    /// Whether the request asks for the head alone.
    var isHead = false
    /// Requests that came before their turn.
    private var waiting = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
    /// What came was not HTTP.
    private var isBroken = false
    /// What came is all that is answered: the client says no more, or the server is stopping.
    private(set) var isLast = false
    /// Nothing more is written.
    var isEnded = false
    private var isReadHeld = false
    private var isAdvancing = false
    /// Whether the client says no more.
    private(set) var isInputClosed = false
    /// Whether all is written and our side closed.
    var isOutputClosed = false
    private var lastActive: NIODeadline
    private var patience: TimeAmount
    private var timer: Scheduled<Void>?
    /// The answer that is written piece by piece.
    var outgoing: Outgoing?

    init(
        channel: any Channel, respond: @escaping Responder, open: OpenConnections, idleTime: TimeAmount
    ) {
        self.channel = channel
        self.respond = respond
        self.open = open
        self.idleTime = idleTime
        patience = idleTime
        lastActive = channel.eventLoop.now
    }

    // MARK: Its life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        open.opened()
        watchTime(for: idleTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
        open.closed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
        endInput()
        outgoing?.tell(.gone)
        outgoing?.unblock(.failure(ChannelError.ioOnClosedChannel))
        outgoing = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isLast = true
            outgoing?.tell(.stopping)
            advance()
        case let event as ChannelEvent where event == .inputClosed:
            (isLast, isInputClosed) = (true, true)
            endInput()
            // Clients that close their side while they listen are taken for gone.
            if outgoing != nil || isOutputClosed { close() } else { advance() }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is IOError || error is ChannelError { return close() }
        isBroken = true
        if case .body(let body) = reading { return body.finish(.failure((error as? HTTPParserError) ?? .unknown)) }
        advance()
    }

    /// Closes the connection at once.
    func close() { context?.close(promise: nil) }

    /// No more of the body comes.
    private func endInput() {
        if case .body(let body) = reading { body.finish(.failure(HTTPParserError.invalidEOFState)) }
    }

    /// Whether the client speaks HTTP/1.1.
    static func isModern(_ head: HTTPRequestHead) -> Bool { head.version.major == 1 && head.version.minor >= 1 }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        lastActive = channel.eventLoop.now
        if isEnded { return }
        // The next request waits for the answer to this one.
        if isAnswering, case .whole = reading { return waiting.append(part) }
        take(part)
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
        let isExpected = begin == nil && expectation == "100-continue" && Self.isModern(head)
        let body = IncomingBody(begin) {
            connection.execute { $0.wantBody(isExpected: isExpected) }
        }
        reading = .body(body)
        answer(head, .coming(body))
    }

    /// Somebody waits for the body: a client that asked whether to send it is told to (RFC 9110 section 10.1.1).
    private func wantBody(isExpected: Bool) {
        guard case .body = reading else { return }
        if isExpected, !isEnded, let context {
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

    // MARK: Time

    /// Lets a connection end on which something is due from the client and does not come within `time`.
    func watchTime(for time: TimeAmount) {
        patience = time
        setTimer(time)
    }

    func stopWatchingTime() {
        timer?.cancel()
        timer = nil
    }

    private func setTimer(_ time: TimeAmount) {
        timer?.cancel()
        let connection = NIOLoopBound(self, eventLoop: channel.eventLoop)
        timer = channel.eventLoop.scheduleTask(in: time) { connection.value.timeIsUp() }
    }

    private func timeIsUp() {
        timer = nil
        if isEnded { return close() }
        if isWaitedFor { return setTimer(patience) }
        let left = lastActive + patience - channel.eventLoop.now
        if left > .nanoseconds(0) { setTimer(left) } else { close() }
    }

    /// Whether it is we who are late.
    private var isWaitedFor: Bool {
        switch reading {
        case .whole: isAnswering
        case .body(let body): body.isFull
        case .nothing, .begun, .rest: false
        }
    }
}

@available(*, unavailable) extension ConnectionHandler: Sendable {}

extension NIOLoopBound {
    /// Does something with the value on its event loop, at once where that is this thread.
    func execute(_ body: @escaping @Sendable (Value) -> Void) {
        if eventLoop.inEventLoop {
            body(value)
        } else {
            eventLoop.execute { body(self.value) }
        }
    }
}
