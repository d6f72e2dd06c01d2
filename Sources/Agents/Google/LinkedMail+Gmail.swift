import Foundation
import JSON

extension LinkedMail {
    /// Reads a message of Gmail in the forms `metadata` and `full`.
    init?(gmail json: JSONValue) {
        guard let id = json["id"]?.stringValue, let threadId = json["threadId"]?.stringValue else { return nil }
        let payload = json["payload"] ?? .null
        let labels = (json["labelIds"]?.arrayValue ?? []).compactMap(\.stringValue)
        let milliseconds = json["internalDate"]?.stringValue.flatMap { Double($0) } ?? 0
        let from = MailAddress.list(Self.header("From", payload)).first
        var parts = Parts()
        parts.collect(payload, depth: 0)
        self.init(
            id: id, threadId: threadId,
            messageId: Self.header("Message-ID", payload).trimmingCharacters(in: Self.brackets),
            references: Self.header("References", payload).split(whereSeparator: \.isWhitespace).suffix(20).map {
                $0.trimmingCharacters(in: Self.brackets)
            },
            fromAddress: from?.address, fromName: from?.name,
            to: MailAddress.list(Self.header("To", payload)).map(\.address),
            cc: MailAddress.list(Self.header("Cc", payload)).map(\.address),
            subject: MailMessage.decodedWords(Self.header("Subject", payload)),
            date: Date(timeIntervalSince1970: milliseconds / 1_000),
            snippet: HTMLText.entities(json["snippet"]?.stringValue ?? ""), text: parts.text,
            attachments: parts.attachments, isUnread: labels.contains("UNREAD"),
            isOutbound: labels.contains("SENT") || labels.contains("DRAFT"))
    }

    private static let brackets = CharacterSet.whitespacesAndNewlines.union(CharacterSet(charactersIn: "<>"))

    private static func header(_ name: String, _ payload: JSONValue) -> String {
        let headers = payload["headers"]?.arrayValue ?? []
        return headers.first { $0["name"]?.stringValue?.lowercased() == name.lowercased() }?["value"]?.stringValue ?? ""
    }

    /// What a tree of parts holds: the first plain text, else the first HTML as text; and the names of files.
    private struct Parts {
        var plain: String?
        var html: String?
        var attachments: [String] = []

        var text: String { plain ?? html.map { HTMLText.plain($0) } ?? "" }

        mutating func collect(_ part: JSONValue, depth: Int) {
            guard depth < 20 else { return }
            if let name = part["filename"]?.stringValue, !name.isEmpty {
                attachments.append(MailMessage.decodedWords(name))
                return
            }
            let type = part["mimeType"]?.stringValue?.lowercased() ?? ""
            let data = part["body"]?["data"]?.stringValue.flatMap { Data(base64URL: $0) }
            if let data, type == "text/plain", plain == nil { plain = String(decoding: data, as: UTF8.self) }
            if let data, type == "text/html", html == nil { html = String(decoding: data, as: UTF8.self) }
            for child in part["parts"]?.arrayValue ?? [] { collect(child, depth: depth + 1) }
        }
    }
}

/// An address with its name, as headers have them.
struct MailAddress: Hashable {
    var name: String?
    var address: String

    /// Reads `"Ruiz, Ana" <ana@x.example>, joe@y.example`; at most 100.
    static func list(_ header: String) -> [MailAddress] {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        for character in header.prefix(20_000) {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        return (parts + [part]).prefix(100).compactMap { read($0) }
    }

    private static func read(_ text: String) -> MailAddress? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let open = trimmed.lastIndex(of: "<"), trimmed.hasSuffix(">") else {
            return trimmed.contains("@") ? MailAddress(name: nil, address: trimmed.lowercased()) : nil
        }
        let address = trimmed[trimmed.index(after: open)...].dropLast().lowercased()
        let name = MailMessage.decodedWords(
            trimmed[..<open].trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "\""))))
        return address.contains("@") ? MailAddress(name: name.isEmpty ? nil : name, address: address) : nil
    }
}

/// The text of HTML: no tags, no scripts, no styles, nothing that is hidden. One pass over the text.
enum HTMLText {
    private static let blocks: Set<String> = [
        "p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote",
    ]
    private static let skipped: Set<String> = ["script", "style", "head", "title", "template", "noscript"]
    private static let empty: Set<String> = ["br", "img", "hr", "meta", "link", "input", "area", "base", "col", "wbr"]

    static func plain(_ html: String) -> String {
        var text = ""
        // The tags within which nothing is shown; the first one's end ends it.
        var hidden: [String] = []
        var rest = html.prefix(500_000)
        while let open = rest.firstIndex(of: "<") {
            if hidden.isEmpty { text += rest[..<open] }
            guard let close = rest[open...].firstIndex(of: ">") else { return finish(text) }
            let tag = rest[rest.index(after: open)..<close].lowercased()
            rest = rest[rest.index(after: close)...]
            let isEnd = tag.hasPrefix("/")
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
            if isEnd {
                if hidden.last == name { hidden.removeLast() }
            } else if !empty.contains(name), !tag.hasSuffix("/"),
                !hidden.isEmpty ? hidden.last == name : skipped.contains(name) || isHidden(tag)
            {
                hidden.append(name)
            }
            if hidden.isEmpty, blocks.contains(name) { text += "\n" }
        }
        if hidden.isEmpty { text += rest }
        return finish(text)
    }

    private static func isHidden(_ tag: String) -> Bool {
        let tag = tag.filter { !$0.isWhitespace }
        return tag.contains("display:none") || tag.contains("visibility:hidden") || tag.contains("font-size:0")
            || tag.contains("opacity:0;") || tag.contains("hidden=")
    }

    private static func finish(_ text: String) -> String {
        entities(text).split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Text with the usual character references written out, `&amp;` last.
    static func entities(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var text = text
        for (name, character) in [
            ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"),
            ("&euro;", "€"), ("&ndash;", "–"), ("&mdash;", "—"), ("&hellip;", "…"), ("&amp;", "&"),
        ] { text = text.replacing(name, with: character) }
        return text
    }
}
