import JSON

/// The secret of an API key: `sb_live_` or `sb_test_` and 32 random bytes as 64 hexadecimal digits. Only its SHA-256 is
/// stored; with 256 random bits nothing slower is needed.
struct APIKeySecret {
    let text: String

    static let prefixes = ["sb_live_", "sb_test_"]

    init(isTest: Bool) { text = Self.prefixes[isTest ? 1 : 0] + randomBytes(32).hex }

    /// `nil` for a text that cannot be one.
    init?(_ text: String) {
        guard text.utf8.count == 72, Self.prefixes.contains(where: text.hasPrefix),
            text.utf8.dropFirst(8).allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.text = text
    }

    var hash: [UInt8] { sha256(text) }

    /// What is shown later, to tell keys apart.
    var shown: String { String(text.prefix(14)) }
}
