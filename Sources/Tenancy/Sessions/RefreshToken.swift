/// The secret that gets a session its next access token: `sb_ref_` and 32 random bytes as base64url. Only its SHA-256 is
/// stored.
struct RefreshToken {
    let text: String

    private static let prefix = "sb_ref_"

    init() { text = Self.prefix + Base64URL.encode(randomBytes(32)) }

    /// `nil` for a text that cannot be one.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), Base64URL.decode(String(text.dropFirst(Self.prefix.count)))?.count == 32
        else {
            return nil
        }
        self.text = text
    }

    var hash: [UInt8] { sha256(text) }
}
