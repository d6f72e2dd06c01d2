public import Foundation
import Mongo
public import Tenancy

extension ConversationStore {
    /// The most words of a search that count.
    private static let searchWords = 6

    /// Conversations that a member sees and whose titles have all these words somewhere, in either case; newest activity
    /// first. Walks through the member's list: there is no index of texts.
    /// - Parameters:
    ///   - limit: 1 to 50.
    ///   - scope: the company's own work, for an agent that the member asked.
    /// - Throws: `Forbidden` for anybody else, `MongoError`.
    public func conversations(
        titled words: [String], seenBy userId: UUID, limit: Int, in scope: TenantScope
    ) async throws -> [Conversation] {
        guard scope.caller == .worker else { throw Forbidden("only the company's own work looks for a member") }
        let used = words.filter { !$0.isEmpty }.prefix(Self.searchWords)
        guard !used.isEmpty else { return [] }
        let titles = used.map { word -> BSONValue in
            let pattern = ConversationFilter.escaped(String(word.prefix(ConversationFilter.maximumQueryLength)))
            return ["title": .regex(pattern: pattern, options: "i")]
        }
        let filter: BSONDocument = [
            "companyId": .uuid(scope.companyId), "ownerId": ["$in": [.uuid(scope.companyId), .uuid(userId)]],
            "metadata.status": ["$in": .array(ConversationStatus.allCases.map { .string($0.rawValue) })],
            "$and": .array(titles),
        ]
        return try await conversations.find(filter, sort: Self.newestFirst, limit: min(max(limit, 1), 50))
            .map { try Conversation($0) }
    }

    /// The last messages of a member's own thread, oldest first; none when there is no thread.
    /// - Throws: `Forbidden` for anybody but the company's own work, `MongoError`.
    public func threadMessages(of userId: UUID, limit: Int, in scope: TenantScope) async throws -> [Message] {
        guard scope.caller == .worker else { throw Forbidden("only the company's own work looks for a member") }
        let thread = try await conversations.findOne([
            "companyId": .uuid(scope.companyId), "threadOf": .uuid(userId),
        ])
        guard let thread, let id = thread.uuid("_id") else { return [] }
        do {
            return try await messages(of: id, at: .latest, limit: limit, in: scope).messages
        } catch is NotFound {
            return []
        }
    }
}
