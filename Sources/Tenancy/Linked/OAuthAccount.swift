public import Foundation
public import JSON

/// An account outside Switchboard that a member linked for use in one company.
public struct OAuthAccount: Sendable, Hashable {
    /// How it is.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It can be used.
        case active
        /// The consent is gone: its owner has to link it again.
        case reconnect
    }

    /// The account's id.
    public let id: UUID
    /// Whose it is.
    public let userId: UUID
    /// Who keeps it: `google`.
    public let provider: String
    /// The address by which people know it.
    public let email: String?
    /// What its owner allowed.
    public let scopes: [String]
    /// How it is.
    public let status: Status
    /// What went wrong last, in few words.
    public let lastError: String?
    /// When it was linked.
    public let createdAt: Date
}

extension OAuthAccount: JSONEncodable {
    /// Writes the account as the API shapes it; never a token.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("provider", provider)
            $0.field("email", email)
            $0.field("scopes", scopes)
            $0.field("status", status.rawValue)
            $0.field("lastError", lastError)
            $0.field("createdAt", createdAt)
        }
    }
}

/// The tokens of a linked account, as a provider gave them.
public struct OAuthTokens: Sendable, Hashable {
    /// For calls.
    public var access: String
    /// For the next access token; nil where the provider gave none anew.
    public var refresh: String?
    /// When the access token is no longer good.
    public var expiresAt: Date

    /// Tokens.
    public init(access: String, refresh: String?, expiresAt: Date) {
        self.access = access
        self.refresh = refresh
        self.expiresAt = expiresAt
    }
}

/// The tokens as they are stored, and which they are.
public struct StoredTokens: Sendable, Hashable {
    /// The tokens.
    public let tokens: OAuthTokens
    /// How the account is.
    public let status: OAuthAccount.Status
    /// Counts the account's tokens.
    public let version: Int
}

/// A consent that begins: what the browser carries, and what stays here.
public struct OAuthStart: Sendable, Hashable {
    /// Goes to the provider and comes back.
    public let state: String
    /// Stays in the browser that began, as a cookie.
    public let cookie: String
    /// The PKCE verifier; its hash goes to the provider.
    public let verifier: String
}

/// A consent that came back.
public struct OAuthReturn: Sendable, Hashable {
    /// The company in which it began.
    public let companyId: UUID
    /// Who began it.
    public let userId: UUID
    /// The PKCE verifier.
    public let verifier: String
    /// The path to go on to.
    public let returnTo: String?
}
