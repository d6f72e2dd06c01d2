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
    }

    private let ticket: StreamTicket
    private let body: OutgoingBody
    private let state: Mutex<State>

    init(_ reader: Reader) {
        ticket = reader.line.ticket
        body = reader.line.writer
        state = Mutex(State(reader: reader))
    }

    /// Serves the stream until the client is gone, the caller must not read on, or the server stops. The connection holds
    /// it until then.
    /// - Parameter onStopping: hears that the server is stopping.
    func start(on channel: any Channel, onStopping: @escaping @Sendable () -> Void) {
        ticket.attach(channel) { [weak self] in self?.wake() }
        body.listen { [self] news in
            switch news {
            case .gone: ticket.signal(.gone)
            case .stopping:
                onStopping()
                ticket.signal(.stopping)
            }
        }
        wake()
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
                finish()
                return body.fail()
            }
            if reader.end != nil {
                finish()
                return body.end()
            }
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

    private func finish() {
        ticket.detach()
        let subscription = state.withLock { $0.subscription.take() }
        // Let go of here: the feed's lock is not taken inside another.
        withExtendedLifetime(subscription) {}
    }
}
