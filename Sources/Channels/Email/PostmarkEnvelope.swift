import Foundation
import JSON
public import Tenancy

/// A webhook of Postmark: an e-mail that came in, or word of one that went out.
public struct PostmarkEnvelope: Sendable {
    /// The most bytes of a webhook; attachments are in it.
    public static let maximumBytes = 12 << 20
    /// The most characters of a subject that are kept.
    static let maximumSubject = 300

    /// What is to be kept; nothing for what is not understood.
    public private(set) var events: [ChannelEvent.Draft] = []

    /// Reads a body.
    public init(_ body: [UInt8]) {
        guard let value = JSONValue.ofProvider(body), let json = value.objectValue else { return }
        if let record = json["RecordType"]?.stringValue, record != "Inbound" {
            if let event = Self.word(record, json) { events = [event] }
        } else if let mail = Self.mail(json) {
            events = [
                ChannelEvent.Draft(
                    kind: .mail, key: "mail:\(ProviderId.bounded(mail.id))", lane: "c:\(mail.from)",
                    payload: mail.payload)
            ]
        }
    }

    /// How an e-mail of ours fared.
    private static func word(_ record: String, _ json: JSONObject) -> ChannelEvent.Draft? {
        guard let id = json["MessageID"]?.stringValue, !id.isEmpty else { return nil }
        let name = ProviderId.bounded(id)
        return ChannelEvent.Draft(
            kind: .status, key: "s:\(name):\(record.prefix(40))", lane: "s:\(name)",
            payload: ["mail": ["id": .string(name), "record": .string(String(record.prefix(40)))]])
    }

    private static func mail(_ json: JSONObject) -> InboundMail? {
        let headers = (json["Headers"]?.arrayValue ?? []).prefix(300).compactMap { header in
            header["Name"]?.stringValue.flatMap { name in header["Value"]?.stringValue.map { (name: name, value: $0) } }
        }
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
        guard let address = json["FromFull"]?["Email"]?.stringValue ?? json["From"]?.stringValue,
            let from = EmailAddress(address)?.text
        else { return nil }
        let ours = json["MessageID"]?.stringValue.map { "\(ProviderId.bounded($0))@inbound.postmarkapp.com" }
        guard let id = header("message-id").flatMap({ InboundMail.ids($0).first }) ?? ours else { return nil }
        var mail = InboundMail(["id": .string(id), "from": .string(from)])
        mail?.fromName = InboundMessage.line(json["FromFull"]?["Name"] ?? json["FromName"])
        mail?.subject = InboundMessage.line(json["Subject"], maximumSubject) ?? ""
        mail?.text = text(json)
        mail?.inReplyTo = Array(InboundMail.ids(header("in-reply-to") ?? "").prefix(10))
        mail?.references = Array(InboundMail.ids(header("references") ?? "").suffix(50))
        mail?.tokens = tokens(json)
        let isSpam = header("x-spam-status")?.lowercased().hasPrefix("yes") ?? false
        mail?.automatic = MailLoop.reason(headers, from: from, isSpam: isSpam)
        mail?.attachments = attachments(json)
        return mail
    }

    /// What was written anew, else all of it. HTML is never read.
    private static func text(_ json: JSONObject) -> String {
        let texts = ["StrippedTextReply", "TextBody"].lazy.compactMap { json[$0]?.stringValue }
        return InboundMessage.bounded(
            texts.first { $0.contains { !$0.isWhitespace } }?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "")
    }

    private static func tokens(_ json: JSONObject) -> [String] {
        let full = ["ToFull", "CcFull", "BccFull"].flatMap { json[$0]?.arrayValue ?? [] }.prefix(50)
        let all = [json["MailboxHash"]?.stringValue] + full.map { $0["MailboxHash"]?.stringValue }
        var seen: Set<String> = []
        return all.compactMap(\.self).filter { (1...100).contains($0.utf8.count) && seen.insert($0).inserted }
    }

    private static func attachments(_ json: JSONObject) -> [JSONObject] {
        (json["Attachments"]?.arrayValue ?? []).prefix(30).map { attachment in
            var entry = JSONObject()
            entry["name"] = InboundMessage.line(attachment["Name"], 255).map { .string($0) }
            entry["type"] = InboundMessage.line(attachment["ContentType"], 100).map { .string($0) }
            entry["bytes"] = attachment["ContentLength"]?.integerValue.map { .integer($0) }
            return entry
        }
    }
}

/// Word of an e-mail of ours, as Postmark tells it.
enum PostmarkWord {
    /// What an event of it says; nil for what changes nothing.
    static func news(_ mail: JSONValue) -> DeliveryNews? {
        guard let id = mail["id"]?.stringValue else { return nil }
        switch mail["record"]?.stringValue {
        case "Delivery": return DeliveryNews(providerId: id, entryId: nil, state: .delivered)
        case "Open": return DeliveryNews(providerId: id, entryId: nil, state: .read)
        case "Bounce":
            return DeliveryNews(
                providerId: id, entryId: nil, state: .failed, errorCode: "bounce", error: "the e-mail came back")
        default: return nil
        }
    }
}

/// How Postmark proves that a webhook is its own: it signs nothing, and so brings along a secret of the channel's.
public enum PostmarkProof {
    /// Whether a secret of the address, or of basic authentication, is the channel's, compared in constant time.
    /// - Parameter authorization: `Basic …` with any user; the password counts.
    public static func isValid(secret: String?, authorization: String?, by secrets: ChannelSecrets) -> Bool {
        if let secret { return ConstantTime.equal(secret, secrets[.inboundSecret]) }
        let prefix = "basic "
        guard let header = authorization, header.lowercased().hasPrefix(prefix), header.utf8.count <= 4_096,
            let data = Data(base64Encoded: String(header.dropFirst(prefix.count))),
            let colon = data.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return ConstantTime.equal(
            String(decoding: data[data.index(after: colon)...], as: UTF8.self), secrets[.inboundSecret])
    }
}
