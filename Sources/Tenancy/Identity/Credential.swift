public import Foundation
import JSON

/// What a bearer text proves by itself, before any store was asked whether it still counts.
public enum Credential: Sendable, Hashable {
    /// A person's session.
    case session(userId: UUID, sessionId: UUID, companyId: UUID?, expiresAt: Date)
    /// Somebody knows an API key; `hash` is its SHA-256.
    case apiKey(hash: [UInt8])
    /// A visitor of a company's web chat.
    case visitor(companyId: UUID, customerId: UUID, expiresAt: Date)
    /// An OIDC provider vouches for a person. `email` is there only when the provider verified it.
    case external(issuer: String, subject: String, email: String?, name: String?, expiresAt: Date)

    /// When it ends by itself; `nil` for an API key, whose end the store knows.
    public var expiresAt: Date? {
        switch self {
        case .session(_, _, _, let date), .visitor(_, _, let date), .external(_, _, _, _, let date): date
        case .apiKey: nil
        }
    }

    /// The company it names by itself, if it does.
    public var companyId: UUID? {
        switch self {
        case .session(_, _, let companyId, _): companyId
        case .visitor(let companyId, _, _): companyId
        case .apiKey, .external: nil
        }
    }

    /// A short text that is the same for the same caller, to keep an ``Identity`` under. It contains no secret.
    public var cacheKey: String {
        switch self {
        case .session(_, let sessionId, let companyId, _):
            "s:\(sessionId.lowercased):\(companyId?.lowercased ?? "")"
        case .apiKey(let hash): "k:\(hash.hex)"
        case .visitor(let companyId, let customerId, _):
            "v:\(companyId.lowercased):\(customerId.lowercased)"
        case .external(let issuer, let subject, _, _, _): "o:\(sha256("\(issuer) \(subject)").hex)"
        }
    }
}
