import Crypto
import JWTKit

/// The server's own signing keys, in a collection that never holds anybody else's.
final class OwnKeys: Sendable {
    let collection: JWTKeyCollection
    let current: String
    let ids: Set<String>

    init(_ configuration: TokenConfiguration) async {
        collection = JWTKeyCollection()
        current = configuration.key.id
        let keys = [configuration.key] + configuration.oldKeys.filter { $0.id != configuration.key.id }
        ids = Set(keys.map(\.id))
        for key in keys {
            await collection.add(
                hmac: HMACKey(key: SymmetricKey(data: key.secret)), digestAlgorithm: .sha256,
                kid: JWKIdentifier(string: key.id))
        }
    }
}

/// A payload of which only the signature is looked at: the claims are read by ``CompactToken``.
struct SignatureOnly: JWTPayload {
    init(from decoder: any Decoder) throws {}
    func encode(to encoder: any Encoder) throws {}
    func verify(using algorithm: some JWTAlgorithm) throws {}
}
