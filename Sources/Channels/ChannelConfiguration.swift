/// Where providers are, and the limits of talking with them.
public struct ChannelConfiguration: Sendable {
    /// Meta's Graph API with its version, without a slash at the end.
    public var graphURL = "https://graph.facebook.com/v24.0"
    /// Postmark's API, without a slash at the end.
    public var postmarkURL = "https://api.postmarkapp.com"
    /// How long one call to a provider may take, from the connection to the last byte.
    public var timeout = Duration.seconds(30)
    /// How often is looked for what is due when nobody says that there is something.
    public var pollInterval = Duration.seconds(1)
    /// How often is looked for what dead processes left behind.
    public var sweepInterval = Duration.seconds(5)
    /// How old that must be: younger things are somebody's work.
    public var sweepAge = Duration.seconds(5)
    /// Events of webhooks that are worked off at once in this process.
    public var eventsAtOnce = 16
    /// Messages that are being sent at once by this process.
    public var sendsAtOnce = 16
    /// Of one channel, by all processes.
    public var sendsPerChannel = 4
    /// How long a WhatsApp message whose send got no answer waits for word of it before it is sent again.
    public var ambiguousWait = Duration.seconds(120)
    /// The pause after the first failure that passes; each further one is twice as long.
    public var firstPause = Duration.seconds(2)
    /// The longest pause.
    public var longestPause = Duration.seconds(600)
    /// How often a message is tried that fails in a way that passes.
    public var attempts = 10
    /// How long word of a message that nobody here knows is kept: it may come before the answer to our own call.
    public var parkingTime = Duration.seconds(60)
    /// Called at each step of sending; tests let processes die there.
    var onStep: @Sendable (DeliveryStep) throws -> Void = { _ in }

    /// The standard.
    public init() {}
}

/// The steps at which a process may die.
enum DeliveryStep: Sendable, Hashable, CaseIterable {
    /// Messages are found that are to be sent, none is in the outbox.
    case handingOver
    /// They are in the outbox, the messages do not say so yet.
    case handedOver
    /// A message is claimed, nothing was sent.
    case claimed
    /// The provider has answered, and nothing of it is kept.
    case answered
    /// It is kept, the message does not show it yet.
    case recorded
    /// A customer's conversation is chosen, their message is not stored.
    case placed
    /// A customer's message is stored, the event is not done.
    case appended
}

/// What a test throws in ``ChannelConfiguration/onStep`` to end the work as a kill would: nothing is put right.
struct DeliveryCrash: Error {}
