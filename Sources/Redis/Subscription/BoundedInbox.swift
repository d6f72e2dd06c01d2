import NIOCore
import Synchronization

/// A queue from any number of writers, who never wait, to one reader, who does.
///
/// When the reader falls behind by `limit` elements everything queued is thrown away, and the reader finds the
/// `gap` element in its place.
package final class BoundedInbox<Element: Sendable>: AsyncSequence, Sendable {
    package typealias Failure = Never

    private typealias Reader = CheckedContinuation<Element?, Never>

    private struct State {
        // Most readers are idle: room is made when something comes.
        var queue = CircularBuffer<Element>(initialCapacity: 1)
        var reader: CheckedContinuation<Element?, Never>?
        /// Called when something comes and nobody waits.
        var onWake: (@Sendable () -> Void)?
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
        let (reader, wake, overflowed) = state.withLock { state -> (Reader?, (@Sendable () -> Void)?, Bool) in
            guard !state.isFinished else { return (nil, nil, false) }
            if let reader = state.reader.take() { return (reader, nil, false) }
            let wake = state.queue.isEmpty ? state.onWake : nil
            let overflowed = state.queue.count >= limit
            if overflowed {
                state.queue.removeAll(keepingCapacity: true)
                state.queue.append(gap)
            }
            state.queue.append(element)
            return (nil, wake, overflowed)
        }
        reader?.resume(returning: element)
        wake?()
        return overflowed
    }

    /// Tells the reader that something was missed. What is queued is worthless then and is thrown away.
    package func pushGap() {
        let (reader, wake) = state.withLock { state -> (Reader?, (@Sendable () -> Void)?) in
            guard !state.isFinished else { return (nil, nil) }
            if let reader = state.reader.take() { return (reader, nil) }
            let wake = state.queue.isEmpty ? state.onWake : nil
            state.queue.removeAll(keepingCapacity: true)
            state.queue.append(gap)
            return (nil, wake)
        }
        reader?.resume(returning: gap)
        wake?()
    }

    /// Lets a reader be told, instead of waiting: `wake` is called when something comes into the empty queue, and at the
    /// end. What is there already wakes it at once. The reader takes everything by ``takeQueued()``.
    package func onWake(_ wake: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state in
            state.onWake = wake
            return state.isFinished || !state.queue.isEmpty
        }
        if isDue { wake() }
    }

    /// Takes what is queued without waiting; nil when there is nothing and nothing will come.
    package func takeQueued() -> [Element]? {
        state.withLock { state in
            if state.queue.isEmpty { return state.isFinished ? nil : [] }
            defer { state.queue.removeAll(keepingCapacity: false) }
            return Array(state.queue)
        }
    }

    /// Ends the sequence after what is queued.
    package func finish() {
        let (reader, wake) = state.withLock { state in
            state.isFinished = true
            return (state.reader.take(), state.onWake.take())
        }
        reader?.resume(returning: nil)
        wake?()
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
