import Foundation
import Mongo
import Tenancy

extension ConversationStore {
    /// The most messages, and the most conversations, that are looked at together.
    public static let newsAtOnce = 500

    /// What is to be noted with a change of something with this audience; nil for nothing. What is one person's own is
    /// nobody's news.
    func noted(_ kind: News.Kind, _ audience: Audience, _ companyId: UUID) -> News.Kind? {
        audience.owner == .company && isWatched(companyId) ? kind : nil
    }

    /// The same for a conversation that was not read yet.
    func noted(_ kind: News.Kind, of id: UUID, in scope: TenantScope) async throws -> News.Kind? {
        guard isWatched(scope.companyId) else { return nil }
        return noted(
            kind, try await audience(of: ConversationKey(companyId: scope.companyId, conversationId: id), in: scope),
            scope.companyId)
    }

    /// What all companies' programs are still to be told, at most a few hundred things: of conversations first, then of
    /// messages in the order of their `seq`. It is there again until it is settled.
    /// - Throws: `MongoError`.
    public func news() async throws -> [News] {
        let filter: BSONDocument = ["companyId": .everyCompany, News.field: ["$exists": true]]
        // Messages are read first: the conversation of each is there then, and its own news go ahead.
        let fresh = try await messages.find(
            filter, sort: ["companyId": 1, "conversationId": 1, "seq": 1], limit: Self.newsAtOnce,
            projection: ["companyId": 1, "conversationId": 1, News.field: 1], hint: ConversationIndexes.news)
        let heads = try await conversations.with(readConcern: .majority).find(
            filter, sort: ["companyId": 1, "_id": 1], limit: Self.newsAtOnce,
            projection: ["companyId": 1, News.field: 1], hint: ConversationIndexes.news)
        return heads.compactMap { News($0, isMessage: false) } + fresh.compactMap { News($0, isMessage: true) }
    }

    /// Takes the marks away, of what has had no further change meanwhile. May be repeated.
    /// - Throws: `MongoError`.
    public func settle(_ news: [News]) async throws {
        for isMessage in [true, false] {
            let writes: [MongoWrite] = news.filter { ($0.messageId != nil) == isMessage }.map { each in
                var filter: BSONDocument = [
                    "_id": .uuid(each.messageId ?? each.conversationId), "companyId": .uuid(each.companyId),
                    News.field: each.marks,
                ]
                if isMessage { filter.append("conversationId", .uuid(each.conversationId)) }
                return .updateOne(filter: filter, update: ["$unset": [News.field: 1]])
            }
            guard !writes.isEmpty else { continue }
            _ = try await (isMessage ? messages : conversations).bulkWrite(
                writes, ordered: false, durability: .acknowledged)
        }
    }
}
