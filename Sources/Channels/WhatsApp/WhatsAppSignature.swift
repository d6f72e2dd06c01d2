import Crypto
import Foundation
import JSON
public import Tenancy

/// How Meta proves that a webhook is its own.
public enum WhatsAppSignature {
    /// Whether `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of the raw body with the app's secret.
    /// - Parameters:
    ///   - header: `sha256=` and 64 hexadecimal digits.
    ///   - body: every byte as it came, before anything reads it.
    public static func isValid(_ header: String?, body: [UInt8], by secrets: ChannelSecrets) -> Bool {
        let key = secrets[.appSecret]
        guard let code = header.flatMap(digest), !key.isEmpty else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: body, using: SymmetricKey(data: Array(key.utf8)))
    }

    /// The digest in a header of the right form; nil for any other.
    public static func digest(_ header: String) -> [UInt8]? {
        let prefix = "sha256="
        guard header.hasPrefix(prefix), header.utf8.count == prefix.utf8.count + 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in header.utf8.dropFirst(prefix.utf8.count) {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map({ UInt8($0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// Whether the word that was shown is the channel's own, compared in a time that depends on lengths only.
    public static func verifies(_ token: String, by secrets: ChannelSecrets) -> Bool {
        ConstantTime.equal(token, secrets[.verifyToken])
    }
}
