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

    /// How many bytes of an unread body are read, so that the client sees the answer before the connection ends.
    static let longestRest = 32 << 20
    /// How long a client may take to hang up after the last answer.
    static let lingering = TimeAmount.seconds(5)
    /// The same while the server stops, which waits for it.
    static let lingeringWhenStopping = TimeAmount.milliseconds(500)

    let channel: any Channel
    let respond: Responder
    let open: OpenConnections
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
    /// Whether the client waits for the word to send its body.
    var owesWord = false
    /// Requests that came before their turn.
    var waiting = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
    /// What came was not HTTP.
    var isBroken = false
    /// What came is all that is answered: the client says no more, or the server is stopping.
    private(set) var isLast = false
    /// Nothing more is written.
    var isEnded = false
    var isReadHeld = false
    var isAdvancing = false
    private(set) var isStopping = false
    /// Whether the client says no more.
    private(set) var isInputClosed = false
    /// Whether all is written and our side closed.
    var isOutputClosed = false
    var lastActive: NIODeadline
    var patience: TimeAmount
    var timer: Scheduled<Void>?
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
            (isLast, isStopping) = (true, true)
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
    func endInput() {
        if case .body(let body) = reading { body.finish(.failure(HTTPParserError.invalidEOFState)) }
    }

    /// Whether the client speaks HTTP/1.1.
    static func isModern(_ head: HTTPRequestHead) -> Bool { head.version.major == 1 && head.version.minor >= 1 }
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
