import Foundation
import JSON
import Redis
import Tenancy

/// Something that happened in a company.
public struct FeedEvent: Sendable, Hashable {
    /// Name of the event, like `message.created`.
    public let type: String
    /// The conversation it is about.
    public let conversationId: UUID?
    /// Whom it may be shown to.
    public let audience: FeedAudience
    /// Number of the message in its conversation, for messages.
    public let seq: Int64?
    /// The event's data as JSON.
    public let payload: [UInt8]
    /// The data as a visitor may see it; nil when there is nothing in it that a visitor may not.
    public let visitorPayload: [UInt8]?
    /// Whether it may have been told before: the process that was to tell it is not known to have done so.
    public let isRepeat: Bool

    /// Makes an event; nothing is published yet.
    public init(
        type: String, conversationId: UUID? = nil, audience: FeedAudience = FeedAudience(), seq: Int64? = nil,
        payload: [UInt8] = [], visitorPayload: [UInt8]? = nil, isRepeat: Bool = false
    ) {
        self.type = type
        self.conversationId = conversationId
        self.audience = audience
        self.seq = seq
        self.payload = payload
        self.visitorPayload = visitorPayload
        self.isRepeat = isRepeat
    }

    /// The data as the caller may see it.
    public func payload(for caller: Caller) -> [UInt8] {
        if case .visitor = caller, let visitorPayload { visitorPayload } else { payload }
    }

    /// Bytes of data in all.
    var size: Int { payload.count + (visitorPayload?.count ?? 0) }

    /// Stands for events that were lost: whoever reads it has to look at the stores again.
    static let resync = FeedEvent(type: "resync")

    /// Somebody's rights in the company changed: whoever streams has to check whether it still may. Not for clients.
    public static let rightsChanged = FeedEvent(type: "auth")

    /// Begins a feed, so that every place in it is that of an entry: a place in an empty feed could not be told from
    /// one in a feed that was emptied since. Not for clients.
    static let beginning = FeedEvent(type: "begin")

    /// Whether it may be shown to clients, as far as their audience allows.
    public var isForClients: Bool { self != .resync && self != .rightsChanged && self != .beginning }

    /// The fields of an entry in the stream. What is absent is left out.
    var fields: [RedisArgument] {
        var fields: [RedisArgument] = ["t", .text(type)]
        if let conversationId { fields += ["c", .text(conversationId.lowercased)] }
        if let owner = audience.ownerUserId { fields += ["o", .text(owner.lowercased)] }
        if let customer = audience.customerId { fields += ["u", .text(customer.lowercased)] }
        if let seq { fields += ["s", .integer(Int(seq))] }
        fields += ["p", .bytes(payload)]
        if let visitorPayload { fields += ["v", .bytes(visitorPayload)] }
        if isRepeat { fields += ["r", 1] }
        return fields
    }

    /// Reads what ``fields`` made. A field that is there but broken makes nil: an event whose audience is not known
    /// must not be shown.
    init?(fields: [RESPValue]) {
        var type: String?
        var conversationId: UUID?
        var owner: UUID?
        var customer: UUID?
        var seq: Int64?
        var payload: [UInt8] = []
        var visitorPayload: [UInt8]?
        var isRepeat = false
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            let value = fields[index + 1]
            let id = value.string.flatMap { UUID(strict: $0) }
            switch fields[index].string {
            case "t": type = value.string
            case "c": conversationId = id
            case "o":
                guard let id else { return nil }
                owner = id
            case "u":
                guard let id else { return nil }
                customer = id
            case "s": seq = value.integer
            case "p": payload = value.bytes ?? []
            case "v": visitorPayload = value.bytes ?? []
            case "r": isRepeat = true
            default: break
            }
        }
        guard let type else { return nil }
        self.init(
            type: type, conversationId: conversationId,
            audience: FeedAudience(ownerUserId: owner, customerId: customer), seq: seq, payload: payload,
            visitorPayload: visitorPayload, isRepeat: isRepeat)
    }
}
