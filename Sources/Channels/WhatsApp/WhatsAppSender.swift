import Foundation
import JSON
import Tenancy

/// Sends over WhatsApp's Cloud API.
///
/// The API knows no idempotency key. So our own id goes along, which word of the message tells again; and when no answer
/// comes, nothing is sent again before that word has had time to come.
struct WhatsAppSender: ChannelSender {
    /// The most characters of one message.
    static let maximumText = 4_096
    /// How long after a customer's message anything but a template is let through, in seconds.
    static let windowSeconds = 24.0 * 3600

    let http: ProviderHTTP
    let graphURL: String

    func send(_ entry: OutboxEntry, to contact: Contact, over opened: OpenedChannel) async throws -> SendOutcome {
        let channel = opened.channel
        var body: JSONObject = [
            "messaging_product": "whatsapp", "recipient_type": "individual",
            "biz_opaque_callback_data": .string(entry.id.lowercased),
        ]
        body[contact.recipient.kind == .waId ? "to" : "recipient"] = .string(contact.recipient.value)
        switch entry.kind {
        case .text:
            guard Self.isOpen(contact, at: Date()) else { return .held }
            body["type"] = "text"
            body["text"] = ["body": .string(entry.body), "preview_url": false]
        case .template:
            guard let template = channel.template else {
                return .failed(code: nil, "the channel has no template any more")
            }
            body["type"] = "template"
            body["template"] = ["name": .string(template.name), "language": ["code": .string(template.language)]]
        }
        let result = try await http.post(
            "\(graphURL)/\(channel.address)/messages",
            headers: [("Authorization", "Bearer \(opened.secrets[.accessToken])")], body)
        return Self.outcome(result)
    }

    static func isOpen(_ contact: Contact, at now: Date) -> Bool {
        contact.lastInboundAt.map { now.timeIntervalSince($0) < windowSeconds } ?? false
    }

    private static func outcome(_ result: ProviderHTTP.Result) -> SendOutcome {
        switch result {
        case .notSent(let reason): return .again(reason, after: nil)
        case .unknown(let reason): return .unknown(reason)
        case .answer(let status, let json, let retryAfter):
            if (200..<300).contains(status) {
                guard let id = json["messages"]?.arrayValue?.first?["id"]?.stringValue else {
                    return .unknown("Meta's answer named no message")
                }
                return .sent(ProviderId.bounded(id))
            }
            if let error = json["error"]?.objectValue {
                let outcome = GraphError(code: error["code"]?.integerValue).outcome
                if case .again(let words, let after) = outcome {
                    return .again(words, after: retryAfter.map { min(max($0, after ?? 0), 3_600) } ?? after)
                }
                // An error without a code that we know says at least whether it may pass.
                if case .failed(_, let words) = outcome, status >= 500 || status == 429 {
                    return .again(words, after: retryAfter.map { min($0, 3_600) })
                }
                return outcome
            }
            switch status {
            case 401, 403: return .paused("Meta refused the access token (\(status))")
            case 408, 429: return .again("Meta answered \(status)", after: retryAfter.map { min($0, 3_600) })
            // Somebody between Meta and us answered: it may have got through.
            case 500...: return .unknown("Meta answered \(status)")
            default: return .failed(code: String(status), "Meta answered \(status)")
            }
        }
    }
}
