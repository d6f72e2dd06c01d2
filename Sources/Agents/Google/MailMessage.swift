import Foundation
import JSON

/// Writes e-mails as RFC 5322 has them: plain text in UTF-8, base64, no line that could become a header of its own.
enum MailMessage {
    static func bytes(_ mail: OutgoingMail) -> [UInt8] {
        var headers = [("To", mail.to.joined(separator: ",\r\n "))]
        if !mail.cc.isEmpty { headers.append(("Cc", mail.cc.joined(separator: ",\r\n "))) }
        headers += [("Subject", encodedWords(MailText.line(mail.subject, 900))), ("Message-ID", "<\(mail.messageId)>")]
        if let parent = mail.parent, !parent.messageId.isEmpty {
            let ids = (parent.references + [parent.messageId]).filter(isPlain).suffix(20)
            headers.append(("In-Reply-To", "<\(parent.messageId)>"))
            headers.append(("References", ids.map { "<\($0)>" }.joined(separator: "\r\n ")))
        }
        headers += [
            ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "base64"),
        ]
        let body = Data(mail.text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8)
            .base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        let head = headers.map { "\($0.0): \($0.1)" }.joined(separator: "\r\n")
        return Array("\(head)\r\n\r\n\(body)\r\n".utf8)
    }

    private static func isPlain(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E }
    }

    /// Text of a header: as it is when it is ASCII, else in encoded words of RFC 2047, none of which cuts a character.
    static func encodedWords(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !text.contains("=?") { return text }
        var words: [String] = []
        var part = ""
        for character in text {
            if part.utf8.count + String(character).utf8.count > 42, !part.isEmpty {
                words.append(part)
                part = ""
            }
            part.append(character)
        }
        words.append(part)
        return words.map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// The text of a header whose encoded words are written out.
    static func decodedWords(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        var wasEncoded = false
        while let start = rest.range(of: "=?") {
            let before = rest[..<start.lowerBound]
            // White space between two encoded words belongs to the encoding.
            if !(wasEncoded && before.allSatisfy(\.isWhitespace)) { result += before }
            let parts = rest[start.upperBound...].split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, parts[3].hasPrefix("="),
                let decoded = decode(String(parts[0]), String(parts[1]), String(parts[2]))
            else {
                result += "=?"
                rest = rest[start.upperBound...]
                wasEncoded = false
                continue
            }
            result += decoded
            rest = parts[3].dropFirst()
            wasEncoded = true
        }
        return result + rest
    }

    private static func decode(_ charset: String, _ encoding: String, _ text: String) -> String? {
        let bytes: [UInt8]
        switch encoding.uppercased() {
        case "B":
            guard let data = Data(base64Encoded: text) else { return nil }
            bytes = Array(data)
        case "Q": bytes = quoted(text)
        default: return nil
        }
        switch charset.lowercased().prefix(while: { $0 != "*" }) {
        case "utf-8", "us-ascii": return String(decoding: bytes, as: UTF8.self)
        case "iso-8859-1", "windows-1252": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "_") ? UInt8(ascii: " ") : byte)
            }
        }
        return bytes
    }
}
