import Redis

/// The live events of a company, for one reader. Ends, and gives back what it holds, when it is let go.
public final class FeedSubscription: AsyncSequence, Sendable {
    /// A sequence that cannot fail.
    public typealias Failure = Never

    private let inbox: BoundedInbox<FeedDelivery>
    private let onEnd: @Sendable () -> Void

    init(inbox: BoundedInbox<FeedDelivery>, onEnd: @escaping @Sendable () -> Void) {
        self.inbox = inbox
        self.onEnd = onEnd
    }

    deinit { onEnd() }

    /// Lets the reader be told instead of waiting for the next event: `wake` is called whenever something comes after
    /// ``takeQueued()`` has left nothing, and at the end. So a reader that has nothing to do needs no task.
    public func onWake(_ wake: @escaping @Sendable () -> Void) { inbox.onWake(wake) }

    /// Takes what waits to be read, without waiting for more; nil when the feed is shut down and nothing is left.
    public func takeQueued() -> [FeedDelivery]? { inbox.takeQueued() }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(subscription: self, base: inbox.makeAsyncIterator()) }

    /// Reads one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        // Keeps the subscription as long as somebody reads.
        private let subscription: FeedSubscription
        private var base: BoundedInbox<FeedDelivery>.Iterator

        init(subscription: FeedSubscription, base: BoundedInbox<FeedDelivery>.Iterator) {
            self.subscription = subscription
            self.base = base
        }

        /// The next event, nil when the feed is shut down and when the task is cancelled.
        public mutating func next() async -> FeedDelivery? { await base.next() }

        /// The next event, nil when the feed is shut down and when the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> FeedDelivery? {
            await base.next(isolation: actor)
        }
    }
}
