import Conversations
import Foundation
import Logging
import Tenancy

/// Lets messages show how their parts fare.
struct DeliveryDisplay: Sendable {
    let stores: ChannelStores
    let conversations: ConversationStore
    let logger: Logger

    /// Shows how a message fares now. What fails is left to the sweep.
    func show(_ messageId: UUID, in conversationId: UUID, _ scope: TenantScope) async {
        do {
            let summary = try await stores.outbox.summary(scope, of: messageId)
            if let delivery = Self.delivery(summary) {
                do {
                    try await conversations.note(delivery, of: messageId, in: conversationId, scope)
                } catch is NotFound {
                    // The conversation was deleted.
                }
            }
            try await stores.outbox.noteShown(scope, messageId, summary)
        } catch {
            logger.warning("how a message fares is shown later", metadata: ["error": "\(error)"])
        }
    }

    /// A message is as far as the part that is least far; one that failed is what counts.
    static func delivery(_ summary: OutboxSummary) -> Delivery? {
        let parts = summary.parts.filter { $0.state != .dropped }
        let now = Date().inMilliseconds
        if let failed = parts.first(where: { $0.state == .failed }) {
            return Delivery(.failed, error: failed.error, updatedAt: now)
        }
        let order: [(OutboxEntry.State, Delivery.State)] = [
            (.held, .needsTemplate), (.queued, .queued), (.sending, .queued), (.sent, .sent), (.delivered, .delivered),
            (.read, .read),
        ]
        for (state, shown) in order {
            if let part = parts.first(where: { $0.state == state }) {
                let error = shown == .needsTemplate ? part.error ?? heldReason : nil
                return Delivery(shown, error: error, updatedAt: now)
            }
        }
        return nil
    }

    private static let heldReason =
        "The customer wrote more than 24 hours ago, and WhatsApp lets nothing else through: it is sent when they write again."
}
