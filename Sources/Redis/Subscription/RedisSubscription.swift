/// What a subscription delivers.
public enum RedisMessage: Sendable, Hashable {
    /// A published message.
    case message(channel: String, payload: [UInt8])
    /// Messages may have been missed: the connection was lost in between, or the reader was too slow.
    case gap
}

/// The messages of a subscription, for one reader. Ends when the scope of the subscription does.
public struct RedisSubscription: AsyncSequence, Sendable {
    /// A sequence that cannot fail: a lost connection is a ``RedisMessage/gap``.
    public typealias Failure = Never

    let inbox: BoundedInbox<RedisMessage>

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(base: inbox.makeAsyncIterator()) }

    /// Reads one message after the other.
    public struct Iterator: AsyncIteratorProtocol {
        var base: BoundedInbox<RedisMessage>.Iterator

        /// The next message, nil at the end and when the task is cancelled.
        public mutating func next() async -> RedisMessage? { await base.next() }

        /// The next message, nil at the end and when the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> RedisMessage? {
            await base.next(isolation: actor)
        }
    }
}
