public import Foundation
public import Tenancy

/// Who wrote the message that started a turn.
public enum TurnAuthor: Sendable, Hashable {
    /// A member.
    case user(UUID)
    /// A customer; nil when the message was relayed by a program and the conversation has none.
    case customer(UUID?)
    /// A program with an API key that writes in the company's own name.
    case program

    /// As which kind of author the mention grammar treats them.
    public var kind: MentionAuthor {
        if case .customer = self { .customer } else { .member }
    }

    /// Whom agents remember things for when this author asks; nil when there is nobody to remember them for.
    public var subject: Subject? {
        switch self {
        case .user(let id): .user(id)
        case .customer(let id): id.map { .customer($0) }
        case .program: .company
        }
    }

    /// A short stable word for keys of an agent's state.
    var key: String {
        switch self {
        case .user(let id): "user:\(id.uuidString.lowercased())"
        case .customer(let id): "customer:\(id?.uuidString.lowercased() ?? "")"
        case .program: "program"
        }
    }
}
