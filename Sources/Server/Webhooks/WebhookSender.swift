import Conversations
import Egress
import Foundation
import Logging
import Tenancy

/// Sends one delivery, signed as Standard Webhooks says, and notes what came of it.
struct WebhookSender: Sendable {
    /// How long a program may take to answer.
    static let limit = Duration.seconds(15)
    /// How much of its answer is read; what it says is not kept.
    static let answerBytes = 64 << 10

    let deliveries: WebhookDeliveryStore
    let conversations: ConversationStore
    let egress: EgressClient
    let logger: Logger

    /// Sends what was claimed. When a store is away it is sent again after the claim has run out.
    func deliver(_ claimed: ClaimedDelivery) async {
        let delivery = claimed.delivery
        do {
            guard let message = try await WebhookMessage.of(delivery, conversations) else {
                return try await deliveries.drop(delivery, because: "what it was about is gone")
            }
            try await deliveries.finish(delivery, try await send(message.encoded, claimed))
        } catch is CancellationError {
            // Another process goes on at once; not of the task that was cancelled.
            await Task { try? await deliveries.giveBack(delivery) }.value
        } catch {
            logger.warning(
                "a webhook's delivery is made later",
                metadata: ["delivery": "\(delivery.id.lowercased)", "error": "\(error)"])
        }
    }

    private func send(_ body: [UInt8], _ claimed: ClaimedDelivery) async throws -> WebhookOutcome {
        let start = ContinuousClock.now
        func outcome(_ status: Int?, _ error: String?) -> WebhookOutcome {
            let passed = ContinuousClock.now - start
            return WebhookOutcome(status: status, error: error, milliseconds: Int(passed.milliseconds))
        }
        let id = claimed.delivery.eventId.lowercased
        let timestamp = Int64(Date().timeIntervalSince1970)
        guard
            let signature = WebhookSignature.sign(id: id, timestamp: timestamp, body: body, secret: claimed.secret)
        else { return outcome(nil, "its secret cannot be used") }
        let request = EgressRequest(
            "POST", claimed.url,
            headers: [
                ("content-type", "application/json"), ("user-agent", "Switchboard-Webhooks/1"), ("webhook-id", id),
                ("webhook-timestamp", String(timestamp)), ("webhook-signature", signature),
            ], body: body, limit: TimeLimit(Self.limit), maximumBytes: Self.answerBytes)
        do {
            let status = try await egress.send(request) { response in
                // Read so that the connection can be used again; a long answer is as good as a short one.
                _ = try? await response.collect()
                return response.status
            }
            return outcome(status, (200..<300).contains(status) ? nil : "the program answered \(status)")
        } catch let error as EgressError {
            return outcome(nil, error.message)
        } catch {
            try Task.checkCancellation()
            return outcome(nil, "it could not be sent")
        }
    }
}
