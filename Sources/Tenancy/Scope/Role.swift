/// What a member is in a company.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// May do everything, and alone deletes the company and changes its subscription.
    case owner
    /// May do everything else.
    case admin
    /// Reads everything, and writes what the daily work needs: products, customers, sales, conversations, e-mail.
    case member

    /// What the role allows.
    public var permissions: Set<Permission> {
        switch self {
        case .owner: Self.all
        case .admin: Self.administration
        case .member: Self.work
        }
    }

    private static let all = Set(Permission.allCases)
    private static let administration = all.subtracting([.subscriptionWrite])
    private static let work = Set(Permission.allCases.filter(\.isRead))
        .union([.productsWrite, .customersWrite, .salesWrite, .conversationsWrite, .emailsWrite])
}
