public import Foundation

/// Somebody who wrote over a channel, as the provider names them. All of it comes from outside.
public struct ContactSighting: Sendable, Hashable {
    /// The person's id on WhatsApp, which is their number; absent for people who hide it.
    public var waId: String?
    /// The person's id for this business, which stays when the number changes.
    public var businessId: String?
    /// The same across the business' portfolios.
    public var parentBusinessId: String?
    /// The address of an e-mail's author.
    public var email: String?
    /// How they call themselves.
    public var name: String?
    /// When they wrote.
    public var seenAt: Date

    /// Somebody who wrote at a time.
    public init(
        waId: String? = nil, businessId: String? = nil, parentBusinessId: String? = nil, email: String? = nil,
        name: String? = nil, seenAt: Date
    ) {
        self.waId = waId
        self.businessId = businessId
        self.parentBusinessId = parentBusinessId
        self.email = email
        self.name = name
        self.seenAt = seenAt
    }

    /// The identities in the order in which they are believed.
    var identities: [ContactIdentity] {
        [
            businessId.map { ContactIdentity(kind: .bsuid, value: $0) },
            waId.map { ContactIdentity(kind: .waId, value: $0) },
            parentBusinessId.map { ContactIdentity(kind: .parentBsuid, value: $0) },
            email.map { ContactIdentity(kind: .email, value: $0) },
        ].compactMap(\.self)
    }

    /// Where to write to them.
    var recipient: ContactIdentity? { identities.first { $0.kind == .waId } ?? identities.first }
}

/// One of the names by which a provider knows somebody.
public struct ContactIdentity: Sendable, Hashable {
    /// What kind of name it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A number on WhatsApp.
        case waId = "wa_id"
        /// A business-scoped id on WhatsApp.
        case bsuid
        /// The same across portfolios.
        case parentBsuid = "parent_bsuid"
        /// An e-mail address in lower case.
        case email
    }

    /// What kind of name it is.
    public let kind: Kind
    /// The name, at most 254 characters.
    public let value: String

    /// A name.
    public init(kind: Kind, value: String) {
        self.kind = kind
        self.value = value
    }
}

/// A customer on one channel.
public struct Contact: Sendable, Hashable {
    /// The contact's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// The channel.
    public let channelId: UUID
    /// The customer.
    public let customerId: UUID
    /// Where to write to them.
    public let recipient: ContactIdentity
    /// The conversation that what they write goes into; nil when there is none yet.
    public let conversationId: UUID?
    /// When they wrote last.
    public let lastInboundAt: Date?

    /// The scope in which they write: their own conversations and nothing else. The store found them by what a provider
    /// said whose webhook was verified.
    public var scope: TenantScope { TenantScope(companyId: companyId, caller: .visitor(customerId: customerId)) }
}

/// Over which channel, and to whom, the words of a conversation go.
public struct ChannelLink: Sendable, Hashable {
    /// The conversation.
    public let conversationId: UUID
    /// The channel's kind.
    public let kind: Channel.Kind
    /// The contact.
    public let contact: Contact
    /// The subject of its e-mails.
    public let subject: String?
}
