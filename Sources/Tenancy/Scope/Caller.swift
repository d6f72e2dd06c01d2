public import Foundation

/// Who acts inside a company.
public enum Caller: Sendable, Hashable {
    /// A signed-in person. `sessionId` is the session, or the linked account when an OIDC provider vouches.
    case member(userId: UUID, role: Role, sessionId: UUID)
    /// A program with an API key.
    case apiKey(id: UUID, permissions: Set<Permission>)
    /// A customer with a widget token: sees its own conversations and nothing else.
    case visitor(customerId: UUID)
    /// The company's own work: jobs, agents, the widget before a visitor is known.
    case worker

    /// What the caller may do.
    public var permissions: Set<Permission> {
        switch self {
        case .member(_, let role, _): role.permissions
        case .apiKey(_, let permissions): permissions
        case .visitor: Self.visitorPermissions
        case .worker: Role.owner.permissions
        }
    }

    private static let visitorPermissions: Set<Permission> = [.conversationsRead, .conversationsWrite]
}
