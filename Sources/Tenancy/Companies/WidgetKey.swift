import Crypto

/// The publishable key of a company's web chat: `sb_pub_` and 24 random bytes as base64url. Everybody may know it.
enum WidgetKey {
    static let prefix = "sb_pub_"

    static func make() -> String { prefix + Base64URL.encode(randomBytes(24)) }

    /// Whether `text` could be one, so that nothing else is looked up.
    static func isPlausible(_ text: String) -> Bool {
        text.hasPrefix(prefix) && text.utf8.count <= 64 && !text.utf8.contains(0)
    }
}
