public import Foundation
public import JSON

/// A person who signs in.
public struct User: Sendable, Hashable {
    /// Whether the person may sign in.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// May sign in.
        case active
        /// May not; every session and token of theirs is refused.
        case disabled
    }

    /// The person's id.
    public let id: UUID
    /// The address in lower case; `nil` for somebody who came through an OIDC provider that vouches for none.
    public let email: String?
    /// The name to show.
    public let name: String?
    /// A short name; not unique.
    public let username: String?
    /// Whether the address is known to be the person's.
    public let emailVerified: Bool
    /// Whether the person may sign in.
    public let status: Status
    /// When the person registered.
    public let createdAt: Date
    /// When the row last changed.
    public let updatedAt: Date
}

extension User: JSONEncodable {
    /// Writes the user as API.md shapes it; never the password's hash.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("email", email)
            $0.field("name", name)
            $0.field("username", username)
            $0.field("emailVerified", emailVerified)
            $0.field("status", status.rawValue)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
