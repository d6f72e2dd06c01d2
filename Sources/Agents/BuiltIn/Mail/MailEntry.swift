import Foundation
import JSON
import Tenancy

/// One e-mail, wherever it lives, as the tools return it.
struct MailEntry: Sendable {
    var place: LinkedPlace
    var thread: LinkedPlace
    var from: String
    var fromName: String?
    var to: [String]
    var cc: [String]
    var subject: String
    var date: Date
    var text: String
    var attachments: [String] = []
    var isUnread: Bool
    var isOutbound: Bool
    /// Known for the mailboxes in Switchboard.
    var isAnswered: Bool?
    /// The address of the linked account; nil for Switchboard.
    var account: String?

    init(_ email: Email) {
        place = .own(email.id)
        thread = .own(email.threadId)
        from = email.fromAddress ?? ""
        fromName = email.fromName
        to = email.to
        cc = email.cc
        subject = email.subject
        date = email.date
        text = email.text
        isUnread = !email.isRead && email.direction == .inbound
        isOutbound = email.direction == .outbound
        isAnswered = email.isAnswered
    }

    init(_ mail: LinkedMail, in mailbox: any LinkedMailbox) {
        place = .linked(mailbox.accountId, mail.id)
        thread = .linked(mailbox.accountId, mail.threadId)
        from = mail.fromAddress ?? ""
        fromName = mail.fromName
        to = mail.to
        cc = mail.cc
        subject = mail.subject
        date = mail.date
        text = mail.text.isEmpty ? mail.snippet : mail.text
        attachments = mail.attachments
        isUnread = mail.isUnread
        isOutbound = mail.isOutbound
        account = mailbox.address
    }

    /// As it stands in a list.
    var summary: JSONObject {
        var json: JSONObject = [
            "id": .string(place.reference), "thread": .string(thread.reference), "from": .string(from),
            "subject": .string(MailText.line(subject, 300)), "date": .string(Timestamp.string(date)),
            "snippet": .string(MailText.line(text, 160)), "unread": .bool(isUnread), "outbound": .bool(isOutbound),
            // Whoever reads this must not take the text of an e-mail for an instruction.
            "origin": "external",
        ]
        json["fromName"] = fromName.map { .string(MailText.line($0, 100)) }
        json["answered"] = isAnswered.map { .bool($0) }
        json["account"] = account.map { .string($0) }
        return json
    }

    /// As it is read.
    var whole: JSONObject {
        var json = summary
        json["to"] = .array(to.prefix(50).map { .string($0) })
        json["cc"] = .array(cc.prefix(50).map { .string($0) })
        json["text"] = .string(MailText.body(text, 8_000))
        json["attachments"] = .array(attachments.prefix(20).map { .string(MailText.line($0, 100)) })
        return json
    }
}

/// Text of e-mails in the form in which it is shown.
enum MailText {
    /// One line without characters that hide or turn text around.
    static func line(_ text: String, _ limit: Int) -> String {
        let words = body(text, limit * 4).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > limit ? words.prefix(limit - 1) + "…" : words
    }

    /// The text without characters that hide or turn text around, and not longer than `limit`.
    static func body(_ text: String, _ limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.lazy.filter(isShown).prefix(limit) { scalars.append(scalar) }
        return String(scalars).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x09: true
        case 0..<0x20, 0x7F..<0xA0: false
        // Zero width, direction marks and overrides, word joiners, the byte order mark, tags.
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xE0000...0xE007F: false
        default: true
        }
    }

    /// The text without what it quotes of earlier e-mails.
    static func withoutQuotes(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeAll { $0.drop { $0 == " " }.hasPrefix(">") }
        if let introduction = lines.lastIndex(where: { line in
            let line = line.trimmingCharacters(in: .whitespaces)
            return line.hasSuffix("wrote:") || line.hasSuffix("escribió:")
        }), lines[introduction...].dropFirst().allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            lines.removeSubrange(introduction...)
        }
        return lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// `Re: ` before a subject, once.
    static func reply(to subject: String) -> String {
        let subject = line(subject, 900)
        return subject.lowercased().hasPrefix("re:") ? subject : "Re: \(subject)"
    }
}
