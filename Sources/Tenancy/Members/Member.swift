public import Foundation
public import JSON

/// A person in a company.
public struct Member: Sendable, Hashable {
    /// The person's id.
    public let userId: UUID
    /// The person's address.
    public let email: String?
    /// The person's name.
    public let name: String?
    /// The person's short name.
    public let username: String?
    /// What the person is in the company.
    public let role: Role
    /// When the person joined.
    public let createdAt: Date
    /// When the role last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension Member: JSONEncodable {
    /// Writes the member as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("userId", userId)
            $0.field("email", email)
            $0.field("name", name)
            $0.field("username", username)
            $0.field("role", role.rawValue)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
