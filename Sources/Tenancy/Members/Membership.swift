public import Foundation
public import JSON

/// A company as one of its members sees it in the list of their own: `GET /auth/me`.
public struct Membership: Sendable, Hashable {
    /// The company.
    public let company: Company
    /// What the person is in it.
    public let role: Role
    /// When the person joined.
    public let joinedAt: Date
}

extension Membership: JSONEncodable {
    /// Writes `{companyId, companyName, role, joinedAt}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("companyId", company.id)
            $0.field("companyName", company.name)
            $0.field("role", role.rawValue)
            $0.field("joinedAt", joinedAt)
        }
    }
}
