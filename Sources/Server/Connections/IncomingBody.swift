import NIOCore
import Synchronization

/// The body of a request that has not come whole yet. The connection reads on only when what came was taken.
///
/// Read by one task.
final class IncomingBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    private typealias Waiter = CheckedContinuation<ByteBuffer?, any Error>

    private struct State {
        var buffer = ByteBuffer()
        var end: Result<Void, any Error>?
        var waiter: Waiter?
        var isAbandoned = false
    }

    private let state = Mutex(State())
    /// Tells the connection that more is wanted. From any thread.
    private let onWanted: @Sendable () -> Void

    init(_ begin: ByteBuffer?, onWanted: @escaping @Sendable () -> Void) {
        self.onWanted = onWanted
        if let begin { state.withLock { $0.buffer = begin } }
    }

    /// Whether what came is still to be taken.
    var isFull: Bool { state.withLock { !$0.isAbandoned && $0.buffer.readableBytes > 0 } }

    /// More came.
    func append(_ piece: ByteBuffer) {
        give { state in
            if state.isAbandoned { return }
            var piece = piece
            state.buffer.writeBuffer(&piece)
        }
    }

    /// No more comes.
    func finish(_ end: Result<Void, any Error> = .success(())) {
        give { state in if state.end == nil { state.end = end } }
    }

    /// Nobody takes any more of it.
    func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.buffer = ByteBuffer()
        }
    }

    private func give(_ change: (inout State) -> Void) {
        var value: Result<ByteBuffer?, any Error>?
        let waiter = state.withLock { state -> Waiter? in
            change(&state)
            guard state.waiter != nil else { return nil }
            value = Self.take(&state)
            return value == nil ? nil : state.waiter.take()
        }
        if let value { waiter?.resume(with: value) }
    }

    /// What there is: bytes, the end, or nil for neither.
    private static func take(_ state: inout State) -> Result<ByteBuffer?, any Error>? {
        if state.buffer.readableBytes > 0 {
            defer { state.buffer = ByteBuffer() }
            return .success(state.buffer)
        }
        return state.end.map { end in end.map { nil } }
    }

    private func next() async throws -> ByteBuffer? {
        try await withCheckedThrowingContinuation { waiter in
            let value = state.withLock { state in
                let value = Self.take(&state)
                if value == nil { state.waiter = waiter }
                return value
            }
            if let value { waiter.resume(with: value) } else { onWanted() }
        }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: IncomingBody
        func next() async throws -> ByteBuffer? { try await body.next() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }
}
