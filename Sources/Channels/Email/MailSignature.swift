import Crypto
import Foundation
import JSON
import Tenancy

/// The marks by which an answer to an e-mail of ours proves to which conversation it belongs: a signed part of the address
/// that it is sent to, and signed ids of e-mails.
///
/// The key follows from the channel's own secret, so that no mark of one channel is good at another.
struct MailSignature: Sendable {
    private let key: SymmetricKey
    private let channel: Channel

    init(_ opened: OpenedChannel) {
        channel = opened.channel
        let secret = SymmetricKey(data: Array(opened.secrets[.inboundSecret].utf8))
        let context = Array("switchboard mail \(opened.channel.id.lowercased)".utf8)
        key = SymmetricKey(data: Array(HMAC<SHA256>.authenticationCode(for: context, using: secret)))
    }

    /// `support+<conversation><mark>@…`: where an answer goes. Nil when the channel has no address for it.
    func replyAddress(for conversation: UUID) -> String? {
        guard let address = channel.replyAddress, let at = address.lastIndex(of: "@") else { return nil }
        return "\(address[..<at])+\(token(for: conversation))\(address[at...])"
    }

    /// The conversation and its mark, in digits that survive every change of case: 39 of them.
    func token(for conversation: UUID) -> String {
        let id = withUnsafeBytes(of: conversation.uuid) { Array($0) }
        return Base32.encode(id + mark("reply", id))
    }

    /// The conversation of a token whose mark is right.
    func conversation(of token: String) -> UUID? {
        guard let bytes = Base32.decode(token.lowercased()), bytes.count == 16 + Self.markBytes else { return nil }
        let id = Array(bytes[..<16])
        guard ConstantTime.equal(Array(bytes[16...]).hex, mark("reply", id).hex) else { return nil }
        return id.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    /// The id of the e-mail that an entry of the outbox becomes: the same at every try, so that one that is sent twice is
    /// one for whoever receives it.
    func mailId(of entry: OutboxEntry) -> String {
        let id = withUnsafeBytes(of: entry.id.uuid) { Array($0) }
        return "o.\(id.hex).\(mark("mail", id).hex)@\(EmailAddress(channel.address)?.domain ?? "switchboard.invalid")"
    }

    private static let markBytes = 8

    private func mark(_ purpose: String, _ id: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(purpose):".utf8) + id, using: key).prefix(Self.markBytes))
    }
}

/// RFC 4648 section 6 in lower case and without padding.
enum Base32 {
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var bits = 0
        var value = 0
        for byte in bytes {
            value = value << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(digits[value >> bits & 31])
            }
            value &= (1 << bits) - 1
        }
        if bits > 0 { text.append(digits[value << (5 - bits) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for anything but the one spelling of some bytes.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits = 0
        var value = 0
        for digit in text.utf8 {
            guard let number = digits.firstIndex(of: digit) else { return nil }
            value = value << 5 | number
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(value >> bits))
                value &= (1 << bits) - 1
            }
        }
        return encode(bytes) == text ? bytes : nil
    }
}
