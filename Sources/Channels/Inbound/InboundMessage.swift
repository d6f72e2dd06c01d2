import Foundation
import JSON
import Tenancy

/// What a customer wrote over a channel, the same for every kind of channel.
struct InboundMessage: Sendable, Hashable {
    /// The most bytes of its text.
    static let maximumBytes = 30_000

    /// The provider's id, bounded; the message's `clientMessageId`.
    var id: String
    /// Who wrote it.
    var author: ContactSighting
    /// The text, or words for what came instead.
    var content: String
    /// What is kept beside it in the message's `metadata.channel`.
    var details: JSONObject = [:]
    /// Whether agents may answer it.
    var startsTurn = true
    /// How much longer than usual to wait for the next piece of the thought, in milliseconds.
    var extraBurst = 0
    /// The provider's id of the message that it answers.
    var answered: String?
    /// What it is about, by the company's own number of a product.
    var productSKU: String?

    /// `text` without U+0000 and cut to what a message may hold.
    static func bounded(_ text: String) -> String {
        let clean = text.unicodeScalars.contains("\0") ? text.replacing("\0", with: "") : text
        guard clean.utf8.count > maximumBytes else { return clean }
        var cut = ""
        var size = 0
        for character in clean {
            size += character.utf8.count
            if size > maximumBytes { break }
            cut.append(character)
        }
        return cut + "…"
    }

    /// A short text of a payload on one line, for details and names; nil when nothing is left.
    static func line(_ value: JSONValue?, _ limit: Int = 200) -> String? {
        guard let text = value?.stringValue else { return nil }
        let words = text.unicodeScalars.lazy.prefix(4 * limit)
            .map { $0.properties.generalCategory == .control ? " " : Character($0) }
        let clean = String(words).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return clean.isEmpty ? nil : String(clean.unicodeScalars.prefix(limit).map(Character.init))
    }
}
