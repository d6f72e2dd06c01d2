import Foundation
import JSON

/// A JWT taken apart and not yet believed. Read with the strict parser: no duplicate members, no bad UTF-8.
struct CompactToken {
    let text: String
    let header: JSONObject
    let claims: JSONObject

    /// The most bytes a token may have.
    static let maximumBytes = 8192

    static let refused = Unauthenticated("the token is not valid; sign in again")

    init(_ text: String) throws(Unauthenticated) {
        guard text.utf8.count <= Self.maximumBytes else { throw Self.refused }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw Unauthenticated(
                "the token is neither an API key nor a JWT; an opaque token means that its audience was not asked for")
        }
        guard let header = Self.object(parts[0]), let claims = Self.object(parts[1]), !parts[2].isEmpty,
            // RFC 7515: extensions that must be understood, and none is.
            header["crit"] == nil
        else { throw Self.refused }
        self.text = text
        self.header = header
        self.claims = claims
    }

    private static func object(_ part: Substring) -> JSONObject? {
        Base64URL.decode(String(part)).flatMap { try? JSONValue.parse($0, maximumDepth: 16) }?.objectValue
    }

    var algorithm: String? { header["alg"]?.stringValue }
    var keyId: String? { header["kid"]?.stringValue }
    /// In lower case and without `application/`, as RFC 7515 section 4.1.9 lets it be written.
    var type: String? {
        guard let type = header["typ"]?.stringValue?.lowercased() else { return nil }
        return type.hasPrefix("application/") ? String(type.dropFirst(12)) : type
    }
    var issuer: String? { claims["iss"]?.stringValue }
    var subject: String? { claims["sub"]?.stringValue }

    func id(_ claim: String) -> UUID? { claims[claim]?.stringValue.flatMap { UUID(strict: $0) } }

    /// A NumericDate.
    func date(_ claim: String) -> Date? {
        guard let seconds = claims[claim]?.numberValue, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    /// Whether `aud`, one text or a list, contains `audience`.
    func isFor(_ audience: String) -> Bool {
        switch claims["aud"] {
        case .string(let one)?: one == audience
        case .array(let list)?: list.contains(.string(audience))
        default: false
        }
    }

    /// The end of the token's time when `now` is within it.
    /// - Parameter leeway: seconds that clocks may differ.
    func validity(at now: Date, leeway: TimeInterval) -> Date? {
        guard let end = date("exp"), now < end.addingTimeInterval(leeway) else { return nil }
        if claims["nbf"] != nil {
            guard let start = date("nbf"), now >= start.addingTimeInterval(-leeway) else { return nil }
        }
        return end
    }
}
