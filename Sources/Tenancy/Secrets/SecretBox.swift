import Crypto
import Foundation

/// Seals secrets that have to be read again: AES-256-GCM, the key's id in the record, and associated data that ties a
/// record to the row it stands in, so that it cannot be moved to another.
///
/// A sealed text is `<key id>:<base64url of nonce, ciphertext and tag>`.
public struct SecretBox: Sendable {
    /// Why a sealed text cannot be read.
    public enum Failure: Error, Sendable, Hashable {
        /// The text is not one that ``seal(_:for:)`` wrote.
        case malformed
        /// It was sealed with a key that is not configured (any more).
        case unknownKey(String)
        /// It was changed, belongs to another row, or the key is another one under the same id.
        case notAuthentic
        /// The configuration's keys cannot be used; the text says why.
        case badKeys(String)
    }

    private let current: String
    private let keys: [String: SymmetricKey]

    /// A box.
    /// - Parameters:
    ///   - current: the id of the key that seals.
    ///   - keys: all keys by id, 32 bytes each; old ones stay until nothing sealed with them is left. An id has 1 to 32
    ///     letters, digits, `-` or `_`.
    /// - Throws: ``Failure/badKeys(_:)`` naming the id, never the key.
    public init(current: String, keys: [String: [UInt8]]) throws(Failure) {
        for (id, key) in keys {
            guard (1...32).contains(id.utf8.count), id.utf8.allSatisfy(Self.isAllowed) else {
                throw .badKeys("the key id \"\(id)\" must have 1 to 32 letters, digits, - or _")
            }
            guard key.count == 32 else { throw .badKeys("the key \"\(id)\" must have 32 bytes, it has \(key.count)") }
        }
        guard keys[current] != nil else { throw .badKeys("there is no key \"\(current)\"") }
        self.current = current
        self.keys = keys.mapValues { SymmetricKey(data: $0) }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Seals `secret` for the row that `owner` names, such as a company's id.
    /// - Throws: ``Failure``.
    public func seal(_ secret: [UInt8], for owner: String) throws -> String {
        guard let key = keys[current] else { throw Failure.unknownKey(current) }
        let box = try AES.GCM.seal(secret, using: key, authenticating: Array(owner.utf8))
        guard let bytes = box.combined else { throw Failure.malformed }
        return "\(current):\(Base64URL.encode(Array(bytes)))"
    }

    /// Reads what ``seal(_:for:)`` wrote for the same `owner`.
    public func open(_ sealed: String, for owner: String) throws(Failure) -> [UInt8] {
        let parts = sealed.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = Base64URL.decode(String(parts[1])) else { throw .malformed }
        guard let key = keys[String(parts[0])] else { throw .unknownKey(String(parts[0])) }
        guard let box = try? AES.GCM.SealedBox(combined: bytes) else { throw .malformed }
        guard let secret = try? AES.GCM.open(box, using: key, authenticating: Array(owner.utf8)) else {
            throw .notAuthentic
        }
        return Array(secret)
    }

    /// Whether `sealed` was sealed with another key than the current, so that it should be sealed anew.
    public func isOld(_ sealed: String) -> Bool { !sealed.hasPrefix("\(current):") }
}
