import Conversations
import Foundation
import JSON
import Tenancy

/// What a webhook is sent: `{type, timestamp, companyId, data}`. `data` is the message or conversation as it is when it
/// is sent, in the shape of the calls of the API.
struct WebhookMessage: JSONEncodable {
    let type: String
    let happenedAt: Date
    let companyId: UUID
    let data: [UInt8]

    func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("type", type)
            $0.field("timestamp", happenedAt)
            $0.field("companyId", companyId)
            $0.field("data", Written(json: data))
        }
    }

    /// JSON that was written already.
    private struct Written: JSONEncodable {
        let json: [UInt8]

        func encode(into writer: inout JSONWriter) { writer.raw(json) }
    }

    /// The message of a delivery; nil when what it is about is gone, or is one person's own.
    /// - Throws: errors of a store that is away.
    static func of(_ delivery: WebhookDelivery, _ conversations: ConversationStore) async throws -> WebhookMessage? {
        let scope = TenantScope.forJob(companyId: delivery.companyId)
        func message(_ data: [UInt8]) -> WebhookMessage {
            WebhookMessage(
                type: delivery.kind, happenedAt: delivery.happenedAt, companyId: delivery.companyId, data: data)
        }
        guard let id = delivery.conversationId else {
            return message(JSONObject([("message", "Switchboard can reach this address.")]).encoded)
        }
        if delivery.kind == WebhookEvent.conversationDeleted.rawValue {
            return message(JSONObject([("id", .string(id.lowercased))]).encoded)
        }
        do {
            guard try await conversations.audience(of: id, in: scope).owner == .company else { return nil }
            guard let messageId = delivery.messageId else {
                return message(try await conversations.conversation(id, in: scope).encoded)
            }
            return message(try await conversations.message(messageId, of: id, in: scope).encoded)
        } catch is NotFound {
            return nil
        }
    }
}
