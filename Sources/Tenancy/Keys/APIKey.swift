public import Foundation
public import JSON

/// A program's key, without its secret.
public struct APIKey: Sendable, Hashable {
    /// The key's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// What it is for, in the company's words.
    public let name: String
    /// The beginning of the secret, to tell keys apart.
    public let prefix: String
    /// What it may do.
    public let scopes: [Permission]
    /// When it stops to work.
    public let expiresAt: Date?
    /// When it was last used, to the minute.
    public let lastUsedAt: Date?
    /// When it was created.
    public let createdAt: Date
}

extension APIKey: JSONEncodable {
    /// Writes the key as API.md shapes it.
    public func encode(into writer: inout JSONWriter) { writer.object { fields(into: &$0) } }

    func fields(into writer: inout JSONWriter) {
        writer.field("id", id)
        writer.field("companyId", companyId)
        writer.field("name", name)
        writer.field("prefix", prefix)
        writer.field("scopes", scopes.map(\.rawValue))
        writer.field("expiresAt", expiresAt)
        writer.field("lastUsedAt", lastUsedAt)
        writer.field("createdAt", createdAt)
    }
}

/// A key that was just made, with the secret that is shown once.
public struct NewAPIKey: Sendable, JSONEncodable {
    /// The key as it is stored.
    public let key: APIKey
    /// The whole secret, `sb_live_…` or `sb_test_…`.
    public let secret: String

    /// Writes the key with its secret under `key`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            key.fields(into: &$0)
            $0.field("key", secret)
        }
    }
}
