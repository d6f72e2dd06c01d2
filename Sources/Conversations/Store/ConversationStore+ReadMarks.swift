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

    /// The member's marks in these conversations; 0 where there is none. Nothing for other callers.
    /// - Throws: `MongoError`.
    public func readMarks(in conversationIds: [UUID], scope: TenantScope) async throws -> [UUID: Int] {
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
