public import Foundation
import Mongo
public import Tenancy

/// A message is its own outbox: `routing` says what is to happen because of it, and `routing.state` whether it did.
extension ConversationStore {
    /// The value of `routing.state` while something is still to happen.
    public static let pendingRouting = "pending"
    /// The value of `routing.state` when nothing is left to do.
    public static let settledRouting = "done"

    /// Marks a message's routing as settled. Doing it again changes nothing; a message that is gone needs no mark.
    /// - Throws: `MongoError`.
    public func settleRouting(of id: UUID, in conversationId: UUID, _ scope: TenantScope) async throws {
        let filter: BSONDocument = [
            "_id": .uuid(id), "companyId": .uuid(scope.companyId), "conversationId": .uuid(conversationId),
            "routing.state": .string(Self.pendingRouting),
        ]
        _ = try await messages.update(one: filter, ["$set": ["routing.state": .string(Self.settledRouting)]])
    }

    /// Messages of all companies whose routing is pending and that were stored before `date`, the job runner's work
    /// after a process died. At most `limit` (1–200), in no particular order.
    /// - Throws: `MongoError`.
    public func messagesWithPendingRouting(before date: Date, limit: Int = 100) async throws -> [Message] {
        let filter: BSONDocument = [
            "companyId": .everyCompany,
            "timestamp": ["$lt": .date(date)], "routing.state": .string(Self.pendingRouting),
        ]
        let found = try await messages.find(
            filter, limit: min(max(limit, 1), 200), hint: ConversationIndexes.pendingRouting)
        return try found.map { try Message($0) }
    }
}
