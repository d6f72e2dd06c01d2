import NIOCore
import Synchronization

/// The commands of one connection, shared by all tasks that send and the event loop that receives.
///
/// Guards a ``PipelineState``; whatever the state decides is done outside the lock.
final class CommandPipeline: Sendable {
    enum Waiter: Sendable {
        case one(CheckedContinuation<RESPValue, any Error>)
        case many(CheckedContinuation<[RESPValue], any Error>)
        /// Somebody who is called with the reply, on the connection's event loop.
        case callback(ReplyHandler)

        func fail(_ error: RedisError) {
            switch self {
            case .one(let continuation): continuation.resume(throwing: error)
            case .many(let continuation): continuation.resume(throwing: error)
            case .callback(let handler): handler(.failure(error))
            }
        }
    }

    /// Takes a reply, or why there is none. Error replies are errors.
    typealias ReplyHandler = @Sendable (Result<RESPValue, RedisError>) -> Void

    /// Takes what arrives while nothing is asked for: messages of a subscription.
    typealias PushHandler = @Sendable (RESPValue) -> Void

    private let state: Mutex<PipelineState<Waiter>>
    private let pushHandler: PushHandler?
    private let tickets = Atomic<UInt64>(0)

    init(limits: PipelineState<Waiter>.Limits, pushHandler: PushHandler?) {
        self.state = Mutex(PipelineState(limits: limits))
        self.pushHandler = pushHandler
    }

    func send(_ arguments: [RedisArgument], timeout: TimeAmount, on channel: any Channel) async throws -> RESPValue {
        try Task.checkCancellation()
        let ticket = tickets.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    ticket, .one(continuation), timeout: timeout, commands: 1, isBatch: false,
                    size: RESPWriter.size(arguments), on: channel
                ) { RESPWriter.write(arguments, into: &$0) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    func send(
        batch: [[RedisArgument]], repliesPerCommand: Int = 1, timeout: TimeAmount, on channel: any Channel
    ) async throws -> [RESPValue] {
        try Task.checkCancellation()
        guard !batch.isEmpty else { return [] }
        let ticket = tickets.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    ticket, .many(continuation), timeout: timeout, commands: batch.count * repliesPerCommand,
                    isBatch: true, size: batch.reduce(0) { $0 + RESPWriter.size($1) }, on: channel
                ) { buffer in for arguments in batch { RESPWriter.write(arguments, into: &buffer) } }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// Sends a command; `then` is called once, on the connection's event loop or at once.
    func send(
        _ arguments: [RedisArgument], timeout: TimeAmount, on channel: any Channel, then: @escaping ReplyHandler
    ) {
        enqueue(
            tickets.add(1, ordering: .relaxed).newValue, .callback(then), timeout: timeout, commands: 1, isBatch: false,
            size: RESPWriter.size(arguments), on: channel
        ) { RESPWriter.write(arguments, into: &$0) }
    }

    /// Sends a command whose reply nobody waits for.
    func post(_ arguments: [RedisArgument], timeout: TimeAmount, on channel: any Channel) throws(RedisError) {
        let ticket = tickets.add(1, ordering: .relaxed).newValue
        let deadline = NIODeadline.now() + timeout
        let needsFlush = try state.withLock { state throws(RedisError) in
            try state.enqueue(
                ticket: ticket, waiter: nil, deadline: deadline, commands: 1, isBatch: false,
                size: RESPWriter.size(arguments)
            ) { RESPWriter.write(arguments, into: &$0) }
        }
        if needsFlush { scheduleFlush(on: channel) }
    }

    /// Sends a command whose reply goes to the push handler.
    func postForPush(_ arguments: [RedisArgument], on channel: any Channel) throws(RedisError) {
        let needsFlush = try state.withLock { state throws(RedisError) in
            try state.enqueueUncounted { RESPWriter.write(arguments, into: &$0) }
        }
        if needsFlush { scheduleFlush(on: channel) }
    }

    /// Hands a reply to whoever waits for it.
    /// - Throws: when nobody does; the connection cannot be trusted any more.
    func receive(_ value: RESPValue) throws(RedisError) {
        switch state.withLock({ $0.answer(value) }) {
        case .dropped, .partial: break
        case .one(.one(let continuation), let reply): continuation.resume(returning: reply)
        case .one(.callback(let handler), let reply): handler(Result { () throws(RedisError) in try reply.get() })
        case .many(.many(let continuation), let replies): continuation.resume(returning: replies)
        case .one(let waiter, _), .many(let waiter, _): waiter.fail(.unexpectedReply(expected: "a single reply"))
        case .unsolicited:
            guard let pushHandler else { throw .protocolViolation("a reply that nobody asked for") }
            pushHandler(value)
        }
    }

    /// Fails everybody who waits: with `timeout` who waited too long, with `error` the others.
    func close(_ error: RedisError) {
        for (waiter, isOverdue) in state.withLock({ $0.close(now: .now()) }) {
            waiter.fail(isOverdue ? .timeout : error)
        }
    }

    var isOpen: Bool { state.withLock { !$0.isClosed } }

    private func enqueue(
        _ ticket: UInt64, _ waiter: Waiter, timeout: TimeAmount, commands: Int, isBatch: Bool, size: Int,
        on channel: any Channel, write: (inout ByteBuffer) -> Void
    ) {
        let deadline = NIODeadline.now() + timeout
        let outcome: Result<Bool, RedisError> = state.withLock { state in
            Result { () throws(RedisError) in
                try state.enqueue(
                    ticket: ticket, waiter: waiter, deadline: deadline, commands: commands, isBatch: isBatch,
                    size: size, write: write)
            }
        }
        switch outcome {
        case .failure(let error): return waiter.fail(error)
        case .success(true): scheduleFlush(on: channel)
        case .success(false): break
        }
        // The cancel handler may have run before the command was there to be found.
        if case .callback = waiter { return }
        if Task.isCancelled { cancel(ticket) }
    }

    private func cancel(_ ticket: UInt64) {
        switch state.withLock({ $0.cancel(ticket) }) {
        case .one(let continuation): continuation.resume(throwing: CancellationError())
        case .many(let continuation): continuation.resume(throwing: CancellationError())
        case .callback, nil: break
        }
    }

    /// Commands that are queued before the event loop comes round are written together.
    private func scheduleFlush(on channel: any Channel) {
        channel.eventLoop.execute { self.flush(channel) }
    }

    private func flush(_ channel: any Channel) {
        let (bytes, check) = state.withLock { ($0.takeOutgoing(), $0.checkToSchedule()) }
        if let bytes { channel.writeAndFlush(bytes, promise: nil) }
        if let check { schedule(check, on: channel) }
    }

    private func schedule(_ check: NIODeadline, on channel: any Channel) {
        channel.eventLoop.scheduleTask(deadline: check) {
            let (isOverdue, next) = self.state.withLock { state in
                (state.check(scheduled: check, now: .now()), state.checkToSchedule())
            }
            if isOverdue {
                // A late reply must never be taken for the reply to a later command.
                self.close(.connectionLost)
                channel.close(promise: nil)
            } else if let next {
                self.schedule(next, on: channel)
            }
        }
    }
}
