import Conversations
import Foundation
import JSON
import Tenancy

/// Sends over Postmark's API. An entry becomes the same e-mail at every try, by its `Message-ID`: sent twice, it is one for
/// whoever receives it.
struct PostmarkSender: ChannelSender {
    let http: ProviderHTTP
    let url: String
    let stores: ChannelStores

    func send(_ entry: OutboxEntry, to contact: Contact, over opened: OpenedChannel) async throws -> SendOutcome {
        guard let link = try await stores.contacts.link(entry.scope, of: entry.conversationId) else {
            return .failed(code: nil, "the conversation is gone")
        }
        let signature = MailSignature(opened)
        let id = signature.mailId(of: entry)
        let last = try await stores.mails.last(entry.scope, in: entry.conversationId)
        let references = Self.references(last)
        // Known before it is sent: an answer may be quicker than the provider's.
        _ = try await stores.mails.note(
            entry.scope,
            MailStore.Known(id: id, conversationId: entry.conversationId, isOurs: true, references: references))
        var body: JSONObject = [
            "From": .string(Self.mailbox(opened.channel.name, opened.channel.address)),
            "To": .string(contact.recipient.value), "Subject": .string(Self.subject(link, opened.channel)),
            "TextBody": .string(entry.body), "MessageStream": "outbound",
            "Headers": .array(Self.headers(id, last, references, entry)),
        ]
        body["ReplyTo"] = signature.replyAddress(for: entry.conversationId).map { .string($0) }
        let result = try await http.post(
            "\(url)/email", headers: [("X-Postmark-Server-Token", opened.secrets[.serverToken])], body)
        let outcome = Self.outcome(result)
        if case .sent(let providerId) = outcome {
            // The id that Postmark gives when it does not keep ours.
            _ = try await stores.mails.note(
                entry.scope,
                MailStore.Known(
                    id: "\(providerId)@mtasv.net", conversationId: entry.conversationId, isOurs: true,
                    references: references))
        }
        return outcome
    }

    /// What is answered, and what that referred to; the oldest in the middle go.
    private static func references(_ last: MailStore.Known?) -> [String] {
        guard let last else { return [] }
        let all = last.references.filter { $0 != last.id } + [last.id]
        guard all.count > MailStore.maximumReferences else { return all }
        return all.prefix(1) + all.suffix(MailStore.maximumReferences - 1)
    }

    private static func headers(
        _ id: String, _ last: MailStore.Known?, _ references: [String], _ entry: OutboxEntry
    ) -> [JSONValue] {
        var headers = [("Message-ID", "<\(id)>"), ("X-PM-KeepID", "true")]
        if let last {
            headers.append(("In-Reply-To", "<\(last.id)>"))
            headers.append(("References", references.map { "<\($0)>" }.joined(separator: "\r\n ")))
        }
        if entry.author != MessageRole.user.rawValue {
            headers.append(("Auto-Submitted", "auto-replied"))
            headers.append(("X-Auto-Response-Suppress", "All"))
        }
        return headers.map { ["Name": .string($0.0), "Value": .string($0.1)] }
    }

    private static func subject(_ link: ChannelLink, _ channel: Channel) -> String {
        guard let subject = link.subject, !subject.isEmpty else { return channel.name }
        let isAnswer = ["re:", "aw:", "rv:"].contains { subject.lowercased().hasPrefix($0) }
        return isAnswer ? subject : "Re: \(subject)"
    }

    /// A name and an address as a header has them.
    private static func mailbox(_ name: String, _ address: String) -> String {
        let clean = name.filter { $0 != "\"" && $0 != "\\" && $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
        return "\"\(clean)\" <\(address)>"
    }

    private static func outcome(_ result: ProviderHTTP.Result) -> SendOutcome {
        switch result {
        case .notSent(let reason), .unknown(let reason): return .again(reason, after: nil)
        case .answer(let status, let json, let retryAfter):
            let code = json["ErrorCode"]?.integerValue
            if (200..<300).contains(status), code == nil || code == 0, let id = json["MessageID"]?.stringValue {
                return .sent(ProviderId.bounded(id))
            }
            if status == 429 || status >= 500 || status == 408 {
                return .again("Postmark answered \(status)", after: retryAfter.map { min($0, 3_600) })
            }
            switch code {
            case 10, 400, 401, 405, 412, 413: return .paused(words(code))
            case _ where status == 401 || status == 403: return .paused("Postmark refused the server token (\(status))")
            default: return .failed(code: code.map(String.init) ?? String(status), words(code))
            }
        }
    }

    private static func words(_ code: Int64?) -> String {
        let sentence =
            switch code {
            case 10: "the server token is not good"
            case 400, 401: "the address is not confirmed as a sender at Postmark"
            case 405: "the account has no more e-mails to send"
            case 412, 413: "the account is not approved for sending"
            case 300: "Postmark finds the e-mail not valid"
            case 406: "the address is inactive: e-mail to it came back before"
            default: "Postmark did not accept it"
            }
        return code.map { "\($0): \(sentence)" } ?? sentence
    }
}
