/// One thing a caller may do inside a company. The raw values are the scopes of API keys, as API.md and the README
/// list them.
public enum Permission: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Read the company itself.
    case companyRead = "company:read"
    /// Change the company's name, settings and the rest.
    case companyWrite = "company:write"
    /// List members.
    case membersRead = "members:read"
    /// Add members, change roles, remove members.
    case membersWrite = "members:write"
    /// Read and search products.
    case productsRead = "products:read"
    /// Create, change and delete products.
    case productsWrite = "products:write"
    /// Read and search customers.
    case customersRead = "customers:read"
    /// Create, change and delete customers.
    case customersWrite = "customers:write"
    /// Read sales.
    case salesRead = "sales:read"
    /// Record and change sales.
    case salesWrite = "sales:write"
    /// Read the subscription and its limits.
    case subscriptionRead = "subscription:read"
    /// Change plan and status.
    case subscriptionWrite = "subscription:write"
    /// List API keys; secrets are never shown again.
    case apiKeysRead = "api-keys:read"
    /// Create and revoke API keys.
    case apiKeysWrite = "api-keys:write"
    /// Read conversations and messages.
    case conversationsRead = "conversations:read"
    /// Create and change conversations, write messages.
    case conversationsWrite = "conversations:write"
    /// Read the company's e-mail, and one's own.
    case emailsRead = "emails:read"
    /// Put e-mail into the mailbox, mark it as read, report it as sent.
    case emailsWrite = "emails:write"
    /// List agents.
    case agentsRead = "agents:read"
    /// Define, change and delete the company's own agents.
    case agentsWrite = "agents:write"
    /// Read the log of agents' turns.
    case agentLogsRead = "agent-logs:read"
    /// Follow the company's event feed.
    case eventsRead = "events:read"
    /// List webhooks and what they were told.
    case webhooksRead = "webhooks:read"
    /// Create, change, try and remove webhooks.
    case webhooksWrite = "webhooks:write"

    /// By the text of the scope, so that lists come out sorted.
    public static func < (left: Permission, right: Permission) -> Bool { left.rawValue < right.rawValue }

    /// Whether it only reads.
    public var isRead: Bool { rawValue.hasSuffix(":read") }
}
