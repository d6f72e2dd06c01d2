public import Foundation
public import JSON

/// Whom an agent remembers something for.
public enum Subject: Sendable, Hashable {
    /// A person.
    case user(UUID)
    /// A customer.
    case customer(UUID)
    /// A conversation.
    case conversation(UUID)
    /// The whole company.
    case company

    /// The kind as it is stored.
    var kind: String {
        switch self {
        case .user: "user"
        case .customer: "customer"
        case .conversation: "conversation"
        case .company: "company"
        }
    }

    /// The id as it is stored; for the company its own.
    func id(in companyId: UUID) -> UUID {
        switch self {
        case .user(let id), .customer(let id), .conversation(let id): id
        case .company: companyId
        }
    }
}

/// What an agent keeps for one subject.
public struct AgentState: Sendable, Hashable {
    /// The agent's name.
    public let agentName: String
    /// Free JSON.
    public let state: JSONObject
    /// When it was first written.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

extension AgentState: JSONEncodable {
    /// Writes the state as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("agentName", agentName)
            $0.field("state", state)
            $0.field("version", version)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
