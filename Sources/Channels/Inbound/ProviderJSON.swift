import JSON

extension JSONValue {
    /// The body of a provider's webhook. People do write U+0000, which our JSON has no place for: it becomes U+FFFD, so
    /// that the rest is not lost. Nil when it is not JSON.
    static func ofProvider(_ body: [UInt8]) -> JSONValue? {
        if let value = try? JSONValue.parse(body) { return value }
        return try? JSONValue.parse(String(decoding: body, as: UTF8.self).replacing("\\u0000", with: "\\ufffd"))
    }
}
