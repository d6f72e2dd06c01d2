import Foundation
import JSON
import Tenancy

/// An e-mail as an inbound webhook tells it, cut down to what is used of it. Whatever it says is its author's word.
struct InboundMail: Sendable, Hashable {
    var id: String
    var from: String
    var fromName: String?
    var subject: String
    var text: String
    var inReplyTo: [String]
    var references: [String]
    /// The signed parts of the addresses that it was sent to, as far as they may be some.
    var tokens: [String]
    /// Why no machine answers it.
    var automatic: String?
    var attachments: [JSONObject]
    var sentAt: Date?

    /// What is kept of it as an event.
    var payload: JSONObject {
        var json: JSONObject = [
            "id": .string(id), "from": .string(from), "subject": .string(subject), "text": .string(text),
            "inReplyTo": .array(inReplyTo.map { .string($0) }), "references": .array(references.map { .string($0) }),
            "tokens": .array(tokens.map { .string($0) }), "attachments": .array(attachments.map { .object($0) }),
        ]
        json["fromName"] = fromName.map { .string($0) }
        json["automatic"] = automatic.map { .string($0) }
        json["sentAt"] = sentAt.map { .string(Timestamp.string($0)) }
        return json
    }

    /// Reads ``payload``.
    init?(_ json: JSONObject) {
        func strings(_ name: String) -> [String] { json[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        guard let id = json["id"]?.stringValue, let from = json["from"]?.stringValue else { return nil }
        self.id = id
        self.from = from
        fromName = json["fromName"]?.stringValue
        subject = json["subject"]?.stringValue ?? ""
        text = json["text"]?.stringValue ?? ""
        inReplyTo = strings("inReplyTo")
        references = strings("references")
        tokens = strings("tokens")
        automatic = json["automatic"]?.stringValue
        attachments = json["attachments"]?.arrayValue?.compactMap(\.objectValue) ?? []
        sentAt = json["sentAt"]?.stringValue.flatMap { Timestamp.parse($0) }
    }

    /// The ids in a header such as `References`, without angle brackets, in order; each 1 to 900 characters of visible ASCII,
    /// at most 100.
    static func ids(_ header: String) -> [String] {
        header.split(separator: "<").dropFirst(header.hasPrefix("<") ? 0 : 1).prefix(100).compactMap { part in
            guard let end = part.firstIndex(of: ">") else { return nil }
            let id = part[..<end].filter { !$0.isWhitespace }
            // What is no id would go out again in headers of ours.
            return (1...900).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                ? String(id) : nil
        }
    }
}
