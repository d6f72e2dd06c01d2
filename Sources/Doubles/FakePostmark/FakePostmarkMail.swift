public import Foundation
public import JSON

/// An e-mail that comes in, as Postmark's webhook tells it.
public struct FakePostmarkMail: Sendable {
    /// Who it says it is from.
    public var from: String
    /// Its author's name.
    public var name: String
    /// To which addresses; a part after `+` becomes its hash.
    public var to: [String]
    /// The subject.
    public var subject: String
    /// All of the text.
    public var text: String
    /// What was written anew, when Postmark finds that.
    public var stripped: String?
    /// `Message-ID` with angle brackets.
    public var messageId: String
    /// Headers beside the usual ones.
    public var headers: [(String, String)]
    /// Bytes of an attachment; none when zero.
    public var attachment = 0

    /// An e-mail by a person.
    public init(
        from: String = "carla@example.com", name: String = "Carla", to: [String] = ["help@acme.example"],
        subject: String = "A question", text: String, stripped: String? = nil,
        messageId: String = "<\(UUID().uuidString.lowercased())@example.com>", headers: [(String, String)] = []
    ) {
        self.from = from
        self.name = name
        self.to = to
        self.subject = subject
        self.text = text
        self.stripped = stripped
        self.messageId = messageId
        self.headers = headers
    }

    /// An answer to an e-mail of ours, as a mail program writes it.
    public static func answer(
        _ sent: FakePostmark.Sent, _ text: String, from: String = "carla@example.com", byAddress: Bool = true
    ) -> FakePostmarkMail {
        let references = (sent.header("References").map { "\($0) " } ?? "") + sent.messageId
        return FakePostmarkMail(
            from: from, to: [byAddress ? sent.replyTo ?? "" : "help@acme.example"], subject: sent.subject,
            text: "\(text)\n\nOn Monday somebody wrote:\n> \(sent.text)", stripped: text,
            headers: [("In-Reply-To", sent.messageId), ("References", references)])
    }

    /// The body of the webhook.
    public var json: JSONObject {
        let full = to.map { address -> JSONValue in
            let hash = address.prefix { $0 != "@" }.split(separator: "+").dropFirst().first.map(String.init) ?? ""
            return ["Email": .string(address), "Name": "", "MailboxHash": .string(hash)]
        }
        var all = headers
        if !all.contains(where: { $0.0.lowercased() == "return-path" }) {
            all.insert(("Return-Path", "<\(from)>"), at: 0)
        }
        if !messageId.isEmpty { all.append(("Message-ID", messageId)) }
        var body: JSONObject = [
            "FromName": .string(name), "From": .string(from),
            "FromFull": ["Email": .string(from), "Name": .string(name), "MailboxHash": ""],
            "ToFull": .array(full), "Subject": .string(subject), "MessageID": .string(UUID().uuidString),
            "MailboxHash": full.first?["MailboxHash"] ?? "", "TextBody": .string(text),
            "HtmlBody": "<p>not read</p><script>alert(1)</script>",
            "StrippedTextReply": .string(stripped ?? ""),
            "Headers": .array(all.map { ["Name": .string($0.0), "Value": .string($0.1)] }),
        ]
        if attachment > 0 {
            body["Attachments"] = [
                [
                    "Name": "scan.pdf", "ContentType": "application/pdf", "ContentLength": .integer(Int64(attachment)),
                    "Content": .string(String(repeating: "A", count: attachment)),
                ]
            ]
        }
        return body
    }
}
