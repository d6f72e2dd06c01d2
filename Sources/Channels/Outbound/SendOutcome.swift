import Tenancy

/// What became of an attempt to send something.
enum SendOutcome: Sendable, Hashable {
    /// The provider has it, under this id.
    case sent(String)
    /// It was not sent; trying again may help, after so many seconds when the provider said so.
    case again(String, after: Double?)
    /// No answer came: it may have been sent.
    case unknown(String)
    /// It will never be sent.
    case failed(code: String?, String)
    /// Nothing but a template is let through before the customer writes.
    case held
    /// The channel cannot send anything before somebody puts this right.
    case paused(String)
}

/// What a kind of channel needs for sending.
protocol ChannelSender: Sendable {
    /// Sends one entry, at most once.
    func send(_ entry: OutboxEntry, to contact: Contact, over opened: OpenedChannel) async throws -> SendOutcome
}
