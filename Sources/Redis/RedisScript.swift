internal import Crypto

/// A Lua script, known to the server by its SHA-1.
///
/// Keep replies flat: hiredis 0.14 gives up on replies nested deeper than seven levels.
public struct RedisScript: Sendable, Hashable {
    /// The text.
    public let source: String
    /// What EVALSHA takes: SHA-1 of the text in lower-case hexadecimal.
    public let sha1: String

    /// Makes a script; nothing is sent yet.
    public init(_ source: String) {
        self.source = source
        let digits = Array("0123456789abcdef".utf8)
        let hex = Insecure.SHA1.hash(data: Array(source.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        sha1 = String(decoding: hex, as: UTF8.self)
    }
}
