/// The limits of the conversation store.
public struct ConversationConfiguration: Sendable, Hashable {
    /// How many batches may be on their way to MongoDB at once.
    public var workers = 2
    /// Messages in one batch.
    public var batchMessages = 500
    /// Bytes in one batch.
    public var batchBytes = 4 << 20
    /// Messages that may wait to be stored; more are refused as overload.
    public var waitingMessages = 10_000
    /// Bytes that may wait to be stored.
    public var waitingBytes = 64 << 20
    /// How long a message may wait for its place in a batch.
    public var waitingTime = Duration.seconds(10)
    /// How long a batch whose answer is lost is looked for.
    public var lookupTime = Duration.seconds(5)
    /// How many conversations are remembered: who sees them and what their last message is.
    public var remembered = 50_000
    /// How long a conversation is believed to exist without asking. Together with ``waitingTime`` and the longest
    /// MongoDB call it stays below ``tombstoneLifetime``, so that nothing is ever appended to a swept conversation.
    public var beliefTime = Duration.seconds(15)
    /// How long a deleted conversation is kept as a mark, at least a minute.
    public var tombstoneLifetime = Duration.seconds(90)

    /// The limits as they are built in.
    public init() {}
}

extension ConversationConfiguration {
    var plannerLimits: AppendPlanner.Limits {
        var limits = AppendPlanner.Limits()
        limits.batchMessages = batchMessages
        limits.batchBytes = batchBytes
        limits.waitingMessages = waitingMessages
        limits.waitingBytes = waitingBytes
        limits.heads = remembered
        return limits
    }
}
