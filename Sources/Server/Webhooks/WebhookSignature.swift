import Crypto
import Foundation

/// The signature of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body` with the bytes of the secret.
enum WebhookSignature {
    private static let prefix = "whsec_"

    /// The value of `webhook-signature`, `v1,<base64>`; nil when the secret is none of ours.
    static func sign(id: String, timestamp: Int64, body: [UInt8], secret: String) -> String? {
        guard secret.hasPrefix(prefix), let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))) else {
            return nil
        }
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        return "v1,\(Data(code).base64EncodedString())"
    }
}
