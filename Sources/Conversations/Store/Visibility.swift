import Foundation
import Mongo
public import Tenancy

/// Who sees a conversation: its members see the company's and their own; an API key the company's; a visitor its own.
/// The job runner, which acts for others, sees all. Everything else is as if it did not exist.
extension TenantScope {
    /// Whether the caller sees a conversation with this audience.
    public func sees(_ audience: Audience) -> Bool {
        switch (caller, audience.owner) {
        case (.worker, _): true
        case (.member(let userId, _, _), .user(let owner)): userId == owner
        case (.member, .company), (.apiKey, .company): true
        case (.visitor(let customerId), .company): audience.customerId == customerId
        case (.apiKey, .user), (.visitor, .user): false
        }
    }

    /// The same rule as a filter on `conversations`, deleted ones left out.
    func filter(id: UUID) -> BSONDocument {
        var filter: BSONDocument = ["_id": .uuid(id), "companyId": .uuid(companyId), "deletedAt": .null]
        for (key, value) in ownership { filter.append(key, value) }
        return filter
    }

    /// The part of the rule that is about whose a conversation is.
    var ownership: [(String, BSONValue)] {
        switch caller {
        case .worker: []
        case .member(let userId, _, _): [("ownerId", ["$in": [.uuid(companyId), .uuid(userId)]])]
        case .apiKey: [("ownerId", .uuid(companyId))]
        case .visitor(let customerId): [("ownerId", .uuid(companyId)), ("customerId", .uuid(customerId))]
        }
    }

    /// A stable name of the caller as a writer of messages. A worker writes for the agent it runs.
    func sender(of draft: MessageDraft) -> String {
        switch caller {
        case .member(let userId, _, _): "user:\(userId.lowercased)"
        case .apiKey(let id, _): "key:\(id.lowercased)"
        case .visitor(let customerId): "customer:\(customerId.lowercased)"
        case .worker: draft.agentName.map { "agent:\($0)" } ?? "system"
        }
    }
}
