import Cache
import NIOCore
import Synchronization

/// Drives one stream. Whenever there is something to tell or to look after, a task does it and ends; what an idle stream
/// costs is this object, its reader and its connection, not a task with the memory of its deepest call.
final class StreamPump<Reader: StreamReader>: Sendable {
    private struct State {
        /// Away while a task works with it.
        var reader: Reader?
        var subscription: FeedSubscription?
        /// Whether it was woken while a task was at work.
        var isWoken = false
        var outcome: Result<Void, any Error>?
        var waiter: UnsafeContinuation<Void, any Error>?
    }

    private let ticket: StreamTicket
    private let state: Mutex<State>

    init(_ reader: Reader) {
        ticket = reader.line.ticket
        state = Mutex(State(reader: reader))
    }

    /// Serves the stream until the client is gone, the caller must not read on, or the server stops.
    /// - Throws: when the client is gone.
    func run(on channel: any Channel) async throws {
        ticket.attach(channel) { [weak self] in self?.wake() }
        // Weakly: the connection outlives a stream that ends well.
        ConnectionWatch.tell(channel) { [weak ticket] in ticket?.signal(.gone) }
        wake()
        try await withTaskCancellationHandler {
            // Resumed once, by `finish` or `wait`. A checked one would cost each idle stream another kilobyte.
            try await withUnsafeThrowingContinuation { wait($0) }
        } onCancel: {
            ticket.signal(.gone)
        }
    }

    /// Sees to it that a task looks after the stream.
    private func wake() {
        let reader = state.withLock { state in
            if state.reader == nil { state.isWoken = true }
            return state.reader.take()
        }
        guard let reader else { return }
        // Ends as soon as there is nothing left to do.
        Task { await self.work(reader) }
    }

    private func work(_ reader: Reader) async {
        var reader = reader
        repeat {
            do {
                try await step(&reader)
            } catch {
                return finish(.failure(error))
            }
            if reader.end != nil { return finish(.success(())) }
        } while !rest(reader)
    }

    private func step(_ reader: inout Reader) async throws {
        guard let subscription = state.withLock({ $0.subscription }) else {
            let subscription = await reader.subscribe()
            subscription.onWake { [weak self] in self?.wake() }
            state.withLock { $0.subscription = subscription }
            return try await reader.start()
        }
        try await reader.step(subscription.takeQueued(), ticket.takeSignals())
    }

    /// Puts the reader back; false when it was woken meanwhile.
    private func rest(_ reader: Reader) -> Bool {
        state.withLock { state in
            if state.isWoken {
                state.isWoken = false
                return false
            }
            state.reader = reader
            return true
        }
    }

    private func finish(_ outcome: Result<Void, any Error>) {
        ticket.detach()
        let (waiter, subscription) = state.withLock { state in
            state.outcome = outcome
            return (state.waiter.take(), state.subscription.take())
        }
        // Let go of here: the feed's lock is not taken inside another.
        withExtendedLifetime(subscription) {}
        waiter?.resume(with: outcome)
    }

    private func wait(_ continuation: UnsafeContinuation<Void, any Error>) {
        let outcome = state.withLock { state in
            if state.outcome == nil { state.waiter = continuation }
            return state.outcome
        }
        if let outcome { continuation.resume(with: outcome) }
    }
}
