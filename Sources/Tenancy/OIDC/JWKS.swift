import Foundation
import JSON
import JWTKit

/// A provider's public keys: those that sign with RS256, each under its id, in a collection of their own.
struct ProviderKeys: Sendable {
    let collection: JWTKeyCollection
    let ids: Set<String>

    /// Reads a JWK set (RFC 7517). Keys for other algorithms or for encryption, without an id, or broken are passed
    /// over. A key without `alg` gets RS256 here: JWTKit would take the algorithm that a token names.
    /// - Returns: `nil` when it is no JWK set.
    init?(_ body: [UInt8]) async {
        guard let set = try? JSONValue.parse(body, maximumDepth: 16), let keys = set["keys"]?.arrayValue else {
            return nil
        }
        collection = JWTKeyCollection()
        var ids: Set<String> = []
        for key in keys.prefix(100) {
            guard key["kty"]?.stringValue == "RSA", key["use"]?.stringValue ?? "sig" == "sig",
                key["alg"]?.stringValue ?? "RS256" == "RS256", let id = key["kid"]?.stringValue, !ids.contains(id),
                let modulus = key["n"]?.stringValue, let exponent = key["e"]?.stringValue,
                Base64URL.decode(modulus)?.count ?? 0 >= 256,
                let rsa = try? Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
            else { continue }
            await collection.add(rsa: rsa, digestAlgorithm: .sha256, kid: JWKIdentifier(string: id))
            ids.insert(id)
        }
        self.ids = ids
    }
}
