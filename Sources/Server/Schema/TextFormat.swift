import Foundation
import JSON
import Tenancy

/// Kinds of text with a form of their own.
enum TextFormat: String, Sendable {
    case email
    case uuid
    case dateTime = "date-time"
    case agentName = "agent-name"
    case currency
    case phone
    case url = "uri"

    /// Whether `text` has this form.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .email: Self.isEmail(text) && EmailAddress(text) != nil
        case .uuid: UUID(strict: text) != nil
        case .dateTime: Timestamp.parse(text) != nil
        case .agentName: Self.isAgentName(text)
        case .currency: text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        case .phone:
            text.utf8.contains { (0x30...0x39).contains($0) }
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) || " +-().#*/x".utf8.contains($0) }
        case .url: URL(string: text).map { ["http", "https"].contains($0.scheme) && $0.host() != nil } ?? false
        }
    }

    /// What the form is, for an error's reader.
    var expectation: String {
        switch self {
        case .email: "an e-mail address, such as ana@example.com"
        case .uuid: "an id as this API gives them out"
        case .dateTime: "a time in RFC 3339, such as 2026-01-31T08:00:00.000Z"
        case .agentName: "a lower-case letter, then 1 to 31 lower-case letters, digits or hyphens"
        case .currency: "a currency code of three capital letters, such as EUR"
        case .phone: "a telephone number"
        case .url: "an http or https address"
        }
    }

    /// The same as a pattern, where JSON Schema has no format of that name.
    var pattern: String? {
        switch self {
        case .agentName: "^[a-z][a-z0-9-]{1,31}$"
        case .currency: "^[A-Z]{3}$"
        case .phone: "^[0-9 +().#*/x-]*[0-9][0-9 +().#*/x-]*$"
        default: nil
        }
    }

    private static func isAgentName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (2...32).contains(bytes.count), (0x61...0x7A).contains(bytes[0]) else { return false }
        return bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// The practical subset of RFC 5321: a local part of at most 64 bytes, a domain of labels.
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count) else { return false }
        let local = parts[0].unicodeScalars
        guard local.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && !"\"(),:;<>[\\]".unicodeScalars.contains($0) }),
            !parts[0].hasPrefix("."), !parts[0].hasSuffix("."), !parts[0].contains("..")
        else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy {
                    $0.value > 0x7F || $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-"
                }
        }
    }
}
