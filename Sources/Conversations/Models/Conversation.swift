public import Foundation
public import JSON

/// One thread between a customer, or a user, and a company.
public struct Conversation: Sendable, Hashable {
    /// Its id, a UUID of version 7 unless the caller of ``ConversationStore/create(_:in:)`` chose one.
    public let id: UUID
    /// The company it belongs to.
    public let companyId: UUID
    /// The customer it is with, if any.
    public let customerId: UUID?
    /// Where it takes place.
    public let platform: Platform
    /// Whose it is: the company's or one user's alone. Not shown to clients.
    public let owner: Owner
    /// A name for people.
    public var title: String?
    /// Whether it is being worked on.
    public var status: ConversationStatus
    /// The member who takes care of it.
    public var assignee: UUID?
    /// The name of the agent that answers messages which mention nobody. Not part of what clients are shown.
    public var agent: String?
    /// Who may answer.
    public var control: Control
    /// When the last message was written.
    public var lastMessageAt: Date?
    /// The `seq` of the last message, deleted ones included: messages keep their place.
    public var messageCount: Int
    /// The company's own keys of `metadata`.
    public var attributes: JSONObject
    /// The keys of `metadata` that the visitor set, which are kept apart: neither side writes over the other's. A member
    /// is shown both, the company's first.
    public var visitorAttributes: JSONObject = [:]
    /// Counts the changes of the conversation itself, messages aside; guards updates (`If-Match`).
    public var version: Int
    /// When it was made.
    public let createdAt: Date
    /// When it itself was changed last; messages do not count.
    public var updatedAt: Date

    /// What lists are sorted by: when the last message was written, or when the conversation was made.
    public var lastActivityAt: Date { lastMessageAt.map { max($0, createdAt) } ?? createdAt }
}

/// Who sees a conversation.
public enum Owner: Sendable, Hashable {
    /// Every member of the company, its API keys, and the customer whose conversation it is.
    case company
    /// This user alone.
    case user(UUID)
}

extension Conversation: JSONEncodable {
    /// The keys of `metadata` which the store writes. A caller's own keys of these names are dropped.
    public static let reservedMetadataKeys: Set<String> = ["lastMessageAt", "messageCount", "status"]

    /// Writes the conversation as the HTTP contract shapes it, every field present.
    public func encode(into writer: inout JSONWriter) {
        writer.object { encodeFields(into: &$0) }
    }

    /// Writes the fields alone, for answers that carry more beside them.
    public func encodeFields(into writer: inout JSONWriter) {
        writer.field("id", id)
        writer.field("companyId", companyId)
        writer.field("customerId", customerId)
        writer.field("platform", platform)
        writer.field("title", title)
        writer.field("status", status)
        writer.field("assignee", assignee)
        writer.field("agent", agent)
        writer.field("control", control)
        writer.field(
            "metadata",
            object: {
                $0.field("lastMessageAt", lastMessageAt)
                $0.field("messageCount", messageCount)
                $0.field("status", status)
                for (key, value) in attributes where !Self.reservedMetadataKeys.contains(key) {
                    $0.field(key: key, value)
                }
                for (key, value) in visitorAttributes
                where attributes[key] == nil && !Self.reservedMetadataKeys.contains(key) {
                    $0.field(key: key, value)
                }
            })
        writer.field("createdAt", createdAt)
        writer.field("updatedAt", updatedAt)
    }
}

extension JSONObject {
    /// These members without the ones that only the store may write.
    func withoutReservedMetadata() -> JSONObject {
        JSONObject(filter { !Conversation.reservedMetadataKeys.contains($0.key) }.map { ($0.key, $0.value) })
    }
}
