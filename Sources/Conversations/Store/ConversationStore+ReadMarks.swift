public import Foundation
import Mongo
public import Tenancy

/// Up to where each member has read each conversation.
extension ConversationStore {
    /// Notes that the member has read everything up to `seq`; a mark never moves back.
    /// - Returns: where the mark stands now.
    /// - Throws: `Forbidden` when it is not a member who calls; `NotFound`; `MongoError`.
    public func markRead(_ id: UUID, upTo seq: Int, in scope: TenantScope) async throws -> Int {
        guard let userId = scope.userId else { throw Forbidden("only a member has read marks") }
        let conversation = try await get(id, in: scope).conversation
        let filter = Self.mark(id, userId, scope)
        let change: BSONDocument = [
            "$max": ["seq": .int64(Int64(min(seq, conversation.messageCount)))],
            "$set": ["updatedAt": .date(Date().inMilliseconds)],
        ]
        for _ in 0..<3 {
            do {
                let document = try await readMarks.findAndUpdate(filter, change, returnNew: true, upsert: true)
                return document?.int("seq") ?? seq
            } catch let error as MongoError where error.isDuplicateKey {
                // Another tab made the mark at the same moment: now it is there to be changed.
            }
        }
        throw ConversationError.unavailable("the read mark is being changed by many at once")
    }

    /// So many of the last messages of a conversation are looked at when it is counted what is unread.
    static let countedMessages = 100

    /// How many messages the member has not read in each of these conversations: those after its mark which somebody
    /// else wrote and which were not deleted. Messages further back than the last ``countedMessages`` all count.
    /// - Returns: nothing for callers that are no member.
    /// - Throws: `MongoError`.
    public func unreadCounts(in page: [Conversation], scope: TenantScope) async throws -> [UUID: Int] {
        guard let userId = scope.userId else { return [:] }
        let marks = try await readMarks(in: page.map(\.id), scope: scope)
        var counts: [UUID: Int] = [:]
        var branches: [BSONValue] = []
        for conversation in page {
            let mark = marks[conversation.id] ?? 0
            let counted = conversation.messageCount - Self.countedMessages
            counts[conversation.id] = max(0, counted - mark)
            guard conversation.messageCount > mark else { continue }
            branches.append([
                "companyId": .uuid(scope.companyId), "conversationId": .uuid(conversation.id),
                "seq": ["$gt": .int64(Int64(max(mark, counted)))], "deletedAt": .null,
                "sender": ["$ne": .string("user:\(userId.lowercased)")],
            ])
        }
        guard !branches.isEmpty else { return counts }
        let found = try await messages.aggregate(
            [
                ["$match": ["$or": .array(branches)]],
                ["$group": ["_id": "$conversationId", "count": ["$sum": 1]]],
            ], limit: branches.count)
        for group in found {
            if let id = group.uuid("_id") { counts[id, default: 0] += group.int("count") ?? 0 }
        }
        return counts
    }

    /// The member's marks in these conversations; 0 where there is none. Nothing for other callers.
    private func readMarks(in conversationIds: [UUID], scope: TenantScope) async throws -> [UUID: Int] {
        guard let userId = scope.userId, !conversationIds.isEmpty else { return [:] }
        let found = try await readMarks.find(
            [
                "companyId": .uuid(scope.companyId), "userId": .uuid(userId),
                "conversationId": ["$in": .array(conversationIds.map { .uuid($0) })],
            ], limit: conversationIds.count)
        var marks: [UUID: Int] = [:]
        for document in found {
            if let id = document.uuid("conversationId") { marks[id] = document.int("seq") ?? 0 }
        }
        return marks
    }

    private static func mark(_ id: UUID, _ userId: UUID, _ scope: TenantScope) -> BSONDocument {
        ["companyId": .uuid(scope.companyId), "userId": .uuid(userId), "conversationId": .uuid(id)]
    }
}
