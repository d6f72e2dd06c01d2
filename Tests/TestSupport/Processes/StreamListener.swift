import Foundation
import Synchronization

/// A stream that a thread of its own reads as fast as it comes, for tests that wait for what it brings.
public final class StreamListener: Sendable {
    private struct State {
        var items: [EventWire.Item] = []
        var isOver = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Opens a stream.
    /// - Throws: ``StreamRefused``, ``WireError``.
    public static func open(
        port: Int, _ path: String, token: String?, lastEventId: String? = nil, headers: [String: String] = [:]
    ) async throws -> StreamListener {
        let listener = StreamListener()
        try await withCheckedThrowingContinuation { (opened: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                do {
                    let wire = try EventWire(
                        port: port, path, token: token, lastEventId: lastEventId, headers: headers)
                    opened.resume()
                    listener.listen(to: wire)
                } catch {
                    opened.resume(throwing: error)
                }
            }
            thread.start()
        }
        return listener
    }

    private func listen(to wire: EventWire) {
        while !state.withLock({ $0.isClosed }) {
            do {
                guard let item = try wire.next(within: 0.05) else { continue }
                state.withLock { $0.items.append(item) }
                if item == .end { break }
            } catch {
                break
            }
        }
        state.withLock { $0.isOver = true }
    }

    /// Hangs up.
    public func close() { state.withLock { $0.isClosed = true } }

    /// What came so far.
    public var items: [EventWire.Item] { state.withLock { $0.items } }

    /// The events that came so far.
    public var events: [EventWire.Event] {
        items.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    /// Whether the server ended the stream, or the connection broke.
    public var isOver: Bool { state.withLock { $0.isOver } }

    /// The first event of this name, among those that came and those that come.
    /// - Throws: ``NeverHappened``.
    @discardableResult
    public func event(
        _ name: String, within seconds: Int = 20, where matches: (EventWire.Event) -> Bool = { _ in true }
    ) async throws -> EventWire.Event {
        var found: EventWire.Event?
        try await eventually("\(name) comes", within: seconds) {
            found = events.first { $0.name == name && matches($0) }
            return found != nil
        }
        guard let found else { throw NeverHappened(description: name) }
        return found
    }

    /// Waits until the server has ended the stream.
    /// - Throws: ``NeverHappened``.
    public func waitForEnd(within seconds: Int = 20) async throws {
        try await eventually("the stream ends", within: seconds) { isOver }
    }
}
