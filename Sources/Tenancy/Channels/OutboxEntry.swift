public import Foundation

/// One thing that is to be sent over a channel: a message, or a part of one that is too long.
public struct OutboxEntry: Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, Hashable {
        /// Words.
        case text
        /// The channel's template, because no words are let through.
        case template
    }

    /// How far it is. What comes later in a row never goes back to what was before.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Is to be sent.
        case queued
        /// Is being sent, or was when a process died: nobody knows whether it was.
        case sending
        /// Waits until the customer writes: the provider lets nothing through before.
        case held
        /// The provider has it.
        case sent
        /// The customer's device has it.
        case delivered
        /// The customer saw it.
        case read
        /// It will not be delivered.
        case failed
        /// It is not to be sent any more.
        case dropped
    }

    /// A thing to be sent.
    public struct Draft: Sendable, Hashable {
        /// The message it is of.
        public var messageId: UUID
        /// The message's place in its conversation.
        public var seq: Int
        /// Its place in the message, from 0.
        public var part: Int
        /// The role of who wrote it: `user`, `agent`, `system`.
        public var author: String
        /// The words, at most 40,000 characters.
        public var body: String

        /// A part of a message.
        public init(messageId: UUID, seq: Int, part: Int, author: String, body: String) {
            self.messageId = messageId
            self.seq = seq
            self.part = part
            self.author = author
            self.body = body
        }
    }

    /// Its id, which the provider tells again with word of it.
    public let id: UUID
    /// The company.
    public let companyId: UUID
    /// The channel.
    public let channelId: UUID
    /// To whom.
    public let contactId: UUID
    /// The conversation.
    public let conversationId: UUID
    /// The message it is of.
    public let messageId: UUID
    /// Its place in the message.
    public let part: Int
    /// What it is.
    public let kind: Kind
    /// The role of who wrote it.
    public let author: String
    /// The words.
    public let body: String
    /// Which try this is, from 1.
    public let attempts: Int
    /// How many tries ended without anybody knowing whether it was sent.
    public let unknowns: Int

    /// The company's own scope: the company is the one that was written when it was put there.
    public var scope: TenantScope { .forJob(companyId: companyId) }
}

/// What a provider says of something that was sent.
public struct DeliveryNews: Sendable, Hashable {
    /// The provider's id of it.
    public var providerId: String
    /// Our own id of it, when the provider tells it again.
    public var entryId: UUID?
    /// What it became; `held` when it was refused because the customer has to write first.
    public var state: OutboxEntry.State
    /// The provider's code for what went wrong.
    public var errorCode: String?
    /// What went wrong, in our own words.
    public var error: String?

    /// News of something that was sent.
    public init(
        providerId: String, entryId: UUID?, state: OutboxEntry.State, errorCode: String? = nil, error: String? = nil
    ) {
        self.providerId = providerId
        self.entryId = entryId
        self.state = state
        self.errorCode = errorCode
        self.error = error
    }
}

/// How the parts of a message fared.
public struct OutboxSummary: Sendable, Hashable {
    /// One part.
    public struct Part: Sendable, Hashable {
        let key: String
        /// How far it is.
        public let state: OutboxEntry.State
        /// What went wrong.
        public let error: String?
    }

    /// The parts in their order.
    public let parts: [Part]
}
