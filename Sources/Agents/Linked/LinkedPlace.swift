import Foundation
import Tenancy

/// Where an event, an e-mail, a thread or a draft lives: in Switchboard, or in a linked account.
enum LinkedPlace: Hashable {
    case own(UUID)
    case linked(UUID, String)

    /// The text by which tools name it.
    var reference: String {
        switch self {
        case .own(let id): "own:\(id.lowercased)"
        case .linked(let account, let id): "linked:\(account.lowercased):\(id)"
        }
    }

    /// Reads ``reference``.
    /// - Throws: ``ToolError/notFound`` for anything else.
    init(_ reference: String?) throws(ToolError) {
        let parts = (reference ?? "").split(separator: ":", maxSplits: 2).map(String.init)
        if parts.count == 2, parts[0] == "own", let id = UUID(strict: parts[1]) {
            self = .own(id)
        } else if parts.count == 3, parts[0] == "linked", let account = UUID(strict: parts[1]) {
            self = .linked(account, parts[2])
        } else {
            throw .notFound
        }
    }
}

extension ToolScope {
    /// Whose calendar or mail is meant: the author's, with the company's mail, or the company's alone for a program.
    /// - Parameter what: what customers do not have here.
    /// - Throws: ``ToolError``, also where a customer reads along: such things are shown to members only.
    func ownSubject(of what: String) throws(ToolError) -> Subject {
        if isReadByCustomer { throw .customerReads }
        switch author {
        case .user(let id): return .user(id)
        case .program: return .company
        case .customer: throw .notAllowed("customers have no \(what) here")
        }
    }
}
