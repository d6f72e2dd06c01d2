import Foundation
import JSON
import Tenancy

/// Word of a message of ours, as a webhook of WhatsApp tells it.
struct WhatsAppStatus {
    let news: DeliveryNews
    /// What the error means, when there is one.
    let verdict: SendOutcome?

    /// Nil for what is no word of how a message fares.
    init?(_ status: JSONValue) {
        guard let id = status["id"]?.stringValue, let word = status["status"]?.stringValue else { return nil }
        let state: OutboxEntry.State
        switch word {
        case "sent": state = .sent
        case "delivered": state = .delivered
        case "read", "played": state = .read
        case "failed": state = .failed
        default: return nil
        }
        let code = status["errors"]?.arrayValue?.first?["code"]?.integerValue
        verdict = state == .failed ? GraphError(code: code).outcome : nil
        news = DeliveryNews(
            providerId: ProviderId.bounded(id),
            entryId: status["biz_opaque_callback_data"]?.stringValue.flatMap { UUID(strict: $0) }, state: state,
            errorCode: state == .failed ? code.map(String.init) : nil,
            error: state == .failed ? GraphError(code: code).words : nil)
    }
}
