public import Foundation
public import JSON

/// Something that a provider told by a webhook.
public struct ChannelEvent: Sendable, Hashable {
    /// What it is about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A customer wrote on WhatsApp.
        case message
        /// How a message of ours fared.
        case status
        /// Somebody is known by another name from now on.
        case identity
        /// An e-mail came in.
        case mail
    }

    /// The most characters of ``Draft/key``.
    public static let maximumKey = 400
    /// The most characters of ``Draft/lane``.
    public static let maximumLane = 300

    /// An event that was verified and is to be kept.
    public struct Draft: Sendable, Hashable {
        /// What it is about.
        public var kind: Kind
        /// The same thing delivered again has the same key; cut at ``ChannelEvent/maximumKey``.
        public var key: String
        /// Events of one lane are worked off one after the other; cut at ``ChannelEvent/maximumLane``.
        public var lane: String
        /// What was told.
        public var payload: JSONObject

        /// An event.
        public init(kind: Kind, key: String, lane: String, payload: JSONObject) {
            self.kind = kind
            // By scalars, as Postgres counts: one character may have any number of them.
            self.key = String(String.UnicodeScalarView(key.unicodeScalars.prefix(ChannelEvent.maximumKey)))
            self.lane = String(String.UnicodeScalarView(lane.unicodeScalars.prefix(ChannelEvent.maximumLane)))
            self.payload = payload
        }
    }

    /// Its place in the order in which events came.
    public let number: Int64
    /// The company.
    public let companyId: UUID
    /// The channel whose webhook told it.
    public let channelId: UUID
    /// What it is about.
    public let kind: Kind
    /// What was told.
    public let payload: JSONObject
    /// The conversation that an earlier try chose for it.
    public let conversationId: UUID?
    /// Which try this is, from 1.
    public let attempts: Int
    /// When the webhook came.
    public let receivedAt: Date

    /// The company's own scope: the company is the one of the channel by which the event was verified.
    public var scope: TenantScope { .forJob(companyId: companyId) }
}
