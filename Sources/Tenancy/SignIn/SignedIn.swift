public import Foundation
public import JSON

/// The answer to registering, signing in and refreshing.
public struct SignedIn: Sendable {
    /// The person.
    public let user: User
    /// The company the token names; `nil` for a person who is in none.
    public let company: Company?
    /// The session it belongs to.
    public let sessionId: UUID
    /// The access token.
    public let token: String
    /// When the access token ends.
    public let expiresAt: Date
    /// The secret for the next access token; good once.
    public let refreshToken: String
}

extension SignedIn: JSONEncodable {
    /// Writes `{user, company, token, expiresAt, refreshToken}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("user", user)
            $0.field("company", company)
            $0.field("token", token)
            $0.field("expiresAt", expiresAt)
            $0.field("refreshToken", refreshToken)
        }
    }
}
