public import Foundation
import Logging
import Mongo
public import Tenancy

/// How conversations go.
///
/// 1. The conversation is marked: `deletedAt`, status `deleted`. It is invisible at once, on every process.
/// 2. Its messages are deleted.
/// 3. The mark stays for ``ConversationConfiguration/tombstoneLifetime``: a message that another process had on its way
///    finds it. Then ``ConversationSweeper`` deletes the messages once more, and the conversation last.
///
/// A process that ends at any point leaves a mark, and the sweeper of any other goes on.
extension ConversationStore {
    /// Deletes a conversation with its messages.
    /// - Throws: `NotFound`, `MongoError`. When the mark is set and the messages could not be deleted, the sweeper does
    ///   it later and nothing is thrown.
    public func delete(_ id: UUID, in scope: TenantScope) async throws {
        let key = ConversationKey(companyId: scope.companyId, conversationId: id)
        defer { forget(key) }
        let mark = Self.mark.noting(try await noted(.deleted, of: id, in: scope))
        guard let document = try await conversations.findAndUpdate(scope.filter(id: id), mark, returnNew: false) else {
            throw NotFound("conversation")
        }
        let conversation = try Conversation(document)
        await onDelete([conversation.place])
        await onChange([conversation.place])
        await removeMessagesNow(of: [key])
        onEvent(conversation.event(.conversationDeleted))
    }

    /// Removes everything of a customer that is kept here. May be repeated; when it returns, nothing of it is visible,
    /// and the rest goes by itself.
    ///
    /// A conversation that another process makes for the customer at the same moment is not seen: repeat it once, a
    /// minute after the customer's row is gone.
    public func removeCustomer(companyId: UUID, customerId: UUID) async throws {
        try await removeAll(["companyId": .uuid(companyId), "customerId": .uuid(customerId)], companyId)
    }

    /// Removes everything of a company that is kept here. May be repeated; when it returns, nothing of it is visible,
    /// and the rest goes by itself.
    public func removeCompany(companyId: UUID) async throws {
        try await removeAll(["companyId": .uuid(companyId)], companyId)
    }

    private func removeAll(_ filter: BSONDocument, _ companyId: UUID) async throws {
        var visible = filter
        visible.append("deletedAt", .null)
        while true {
            let found = try await conversations.find(visible, limit: 100)
            let ids = found.compactMap { $0.uuid("_id") }
            guard !ids.isEmpty else { return }
            _ = try await conversations.update(
                many: [
                    "_id": ["$in": .array(ids.map { .uuid($0) })], "companyId": .uuid(companyId), "deletedAt": .null,
                ], Self.mark.noting(isWatched(companyId) ? .deleted : nil))
            let keys = ids.map { ConversationKey(companyId: companyId, conversationId: $0) }
            keys.forEach(forget)
            let places = keys.map { ConversationPlace($0) }
            await onDelete(places)
            await onChange(places)
            await removeMessagesNow(of: keys)
            for document in found {
                if let conversation = try? Conversation(document) { onEvent(conversation.event(.conversationDeleted)) }
            }
        }
    }

    private static var mark: BSONDocument {
        [
            "$set": ["deletedAt": .date(Date().inMilliseconds), "metadata.status": "deleted"],
            "$unset": ["threadOf": 1], "$inc": ["version": 1],
        ]
    }

    /// Deletes messages of marked conversations, within a bound; what is left is the sweeper's.
    private func removeMessagesNow(of keys: [ConversationKey]) async {
        do {
            for key in keys {
                _ = try await MessageRemoval(messages: messages).remove(key, atMost: 5_000)
                try await removeTraces(of: key)
            }
        } catch {
            logger.warning(
                "messages of a deleted conversation are left to the sweeper", metadata: ["error": "\(error)"])
        }
    }
}

extension ConversationStore {
    /// Removes what hangs on a conversation beside its messages: how far people have read, what agents did and still have
    /// to do in it, and what other stores keep of it. May be repeated.
    func removeTraces(of key: ConversationKey) async throws {
        _ = try await readMarks.delete(many: key.filter)
        try await turns.remove(key)
        try await approvals.remove(key)
        try await journal.remove(key)
        try await summaries.remove(key)
        try await onRemove([ConversationPlace(key)])
    }
}

/// Deletes a conversation's messages in pieces, so that no single call takes long.
struct MessageRemoval: Sendable {
    static let piece = 1_000

    let messages: MongoCollection

    /// Returns whether none is left.
    func remove(_ key: ConversationKey, atMost limit: Int) async throws -> Bool {
        var removed = 0
        while removed < limit {
            let found = try await messages.find(
                key.filter, sort: ["seq": 1], limit: Self.piece, projection: ["_id": 0, "seq": 1])
            guard let last = found.last?.int("seq") else { return true }
            var filter = key.filter
            filter.append("seq", ["$lte": .int64(Int64(last))])
            _ = try await messages.delete(many: filter)
            removed += found.count
        }
        return false
    }
}
