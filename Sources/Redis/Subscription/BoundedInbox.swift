import NIOCore
import Synchronization

/// A queue from any number of writers, who never wait, to one reader, who does.
///
/// When the reader falls behind by `limit` elements everything queued is thrown away, and the reader finds the
/// `gap` element in its place.
package final class BoundedInbox<Element: Sendable>: AsyncSequence, Sendable {
    package typealias Failure = Never

    private struct State {
        // Most readers are idle: room is made when something comes.
        var queue = CircularBuffer<Element>(initialCapacity: 1)
        var reader: CheckedContinuation<Element?, Never>?
        var isFinished = false
    }

    private let limit: Int
    private let gap: Element
    private let state = Mutex(State())

    package init(limit: Int, gap: Element) {
        self.limit = limit
        self.gap = gap
    }

    /// Adds an element; tells whether the queue overflowed.
    @discardableResult
    package func push(_ element: Element) -> Bool {
        let (reader, overflowed) = state.withLock { state -> (CheckedContinuation<Element?, Never>?, Bool) in
            guard !state.isFinished else { return (nil, false) }
            if let reader = state.reader.take() { return (reader, false) }
            let overflowed = state.queue.count >= limit
            if overflowed {
                state.queue.removeAll(keepingCapacity: true)
                state.queue.append(gap)
            }
            state.queue.append(element)
            return (nil, overflowed)
        }
        reader?.resume(returning: element)
        return overflowed
    }

    /// Tells the reader that something was missed. What is queued is worthless then and is thrown away.
    package func pushGap() {
        let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            guard !state.isFinished else { return nil }
            if let reader = state.reader.take() { return reader }
            state.queue.removeAll(keepingCapacity: true)
            state.queue.append(gap)
            return nil
        }
        reader?.resume(returning: gap)
    }

    /// Wakes the reader with `element`, unless something is queued that will make it look around anyway.
    package func nudge(_ element: Element) {
        let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            guard !state.isFinished else { return nil }
            if let reader = state.reader.take() { return reader }
            if state.queue.isEmpty { state.queue.append(element) }
            return nil
        }
        reader?.resume(returning: element)
    }

    /// Takes what is queued without waiting.
    package func takeQueued() -> [Element] {
        state.withLock { state in
            defer { state.queue.removeAll(keepingCapacity: false) }
            return Array(state.queue)
        }
    }

    /// Ends the sequence after what is queued.
    package func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            return state.reader.take()
        }
        reader?.resume(returning: nil)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(inbox: self) }

    package struct Iterator: AsyncIteratorProtocol {
        let inbox: BoundedInbox

        package mutating func next() async -> Element? { await next(isolation: nil) }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> Element? {
            let inbox = inbox
            return await withTaskCancellationHandler {
                await withCheckedContinuation { inbox.wait($0) }
            } onCancel: {
                inbox.stopWaiting()
            }
        }
    }

    private func wait(_ continuation: CheckedContinuation<Element?, Never>) {
        let element: Element?? = state.withLock { state in
            if let element = state.queue.popFirst() { return .some(element) }
            // One reader only: another one, like a cancelled one, is told that there is nothing.
            if state.isFinished || state.reader != nil || Task.isCancelled { return .some(nil) }
            state.reader = continuation
            return nil
        }
        if let element { continuation.resume(returning: element) }
    }

    private func stopWaiting() {
        state.withLock { $0.reader.take() }?.resume(returning: nil)
    }
}
