public import Foundation
import Mongo
public import Tenancy

/// Who may answer in a conversation. Each change is one atomic update of the conversation, which counts
/// `control.version` up; giving control to its holder changes nothing.
///
/// A turn notes the version when it begins, and its reply is stored in a transaction that compares it and writes the
/// conversation (``commit(_:)``): no reply of an agent is stored after control changed.
extension ConversationStore {
    /// Gives control to `holder`, a user's id or `agent:<name>`; to nobody in particular when nil. Ends a call for a
    /// person. When a person gives control away, what agents are told of the conversation begins anew.
    /// - Returns: the conversation, and whether this changed it.
    /// - Throws: `NotFound`, `MongoError`.
    public func giveControl(
        of id: UUID, to holder: String?, in scope: TenantScope
    ) async throws -> (conversation: Conversation, isChanged: Bool) {
        let before = try await visible(id, in: scope)
        guard before.control.holder != holder || before.control.requestedAt != nil else { return (before, false) }
        let next = Control(holder: holder)
        var filter = scope.filter(id: id)
        let isAnother: BSONDocument =
            holder.map { ["control.holder": ["$ne": .string($0)]] } ?? ["control.holder": ["$exists": true]]
        filter.append("$or", [.document(isAnother), ["control.requestedAt": ["$exists": true]]])
        let now = BSONValue.date(Date().inMilliseconds)
        var values: [(String, BSONValue)] = [("control.changedAt", now), ("updatedAt", now)]
        var removed: [(String, BSONValue)] = [("control.requestedAt", 1), ("control.remindedAt", 1)]
        if let holder {
            values.append(("control.holder", .string(holder)))
        } else {
            removed.append(("control.holder", 1))
        }
        if before.control.silencesAgents, !next.isHeldByPerson {
            // The stored count may be a moment behind.
            let last = try await get(id, in: scope).conversation.messageCount
            values.append(("control.boundarySeq", .int64(Int64(last))))
        }
        let change: BSONDocument = [
            "$set": .document(BSONDocument(values)), "$unset": .document(BSONDocument(removed)),
            "$inc": ["control.version": .int64(1), "version": .int64(1)],
        ]
        let update = change.noting(noted(.updated, before.audience, before.companyId))
        guard let document = try await conversations.findAndUpdate(filter, update, returnNew: true) else {
            return (try await visible(id, in: scope), false)
        }
        let conversation = try Conversation(document)
        onEvent(conversation.event(.conversationUpdated(conversation)))
        return (conversation, true)
    }

    /// Conversations of all companies whose customers have waited for a person since before `date` and were not told so.
    /// - Throws: `MongoError`.
    public func unansweredCalls(before date: Date, limit: Int = 100) async throws -> [Conversation] {
        let filter: BSONDocument = [
            "companyId": .everyCompany,
            "control.requestedAt": ["$lt": .date(date)], "control.remindedAt": .null, "deletedAt": .null,
        ]
        let found = try await conversations.find(filter, limit: limit, hint: ConversationIndexes.waitingForPerson)
        return try found.map { try Conversation($0) }
    }

    /// Notes that a customer who waits for a person was told so.
    /// - Throws: `MongoError`.
    public func noteReminded(_ conversation: Conversation) async throws {
        try await conversations.update(
            one: [
                "_id": .uuid(conversation.id), "companyId": .uuid(conversation.companyId),
                "control.version": .int64(Int64(conversation.control.version)),
                "control.requestedAt": ["$exists": true],
            ], ["$set": ["control.remindedAt": .date(Date().inMilliseconds)]])
    }

    /// When a member wrote last in a conversation, within its last 200 messages; nil when none did.
    /// - Throws: `NotFound`, `MongoError`.
    public func lastMemberMessage(in id: UUID, _ scope: TenantScope) async throws -> Date? {
        let page = try await messages(of: id, at: .latest, limit: 200, in: scope)
        return page.messages.last { $0.role == .user }?.timestamp
    }

    /// After how many seconds without a word of theirs a person's control ends by itself.
    private static let forgottenAfter = 12.0 * 3600

    /// Gives control back to the agents when the person who has it has written nothing for half a day: they have
    /// forgotten it. For the moment at which the customer writes again.
    /// - Parameter control: as far as the caller knows it: `holder` and `changedAt`.
    /// - Returns: the conversation as it is then; nil when there was nothing to give back.
    /// - Throws: `NotFound`, `MongoError`.
    public func handBackIfForgotten(
        _ id: UUID, _ control: Control, in scope: TenantScope
    ) async throws -> Conversation? {
        let limit = Date().addingTimeInterval(-Self.forgottenAfter)
        guard control.isHeldByPerson, let since = control.changedAt, since < limit else { return nil }
        let worker = TenantScope.forJob(companyId: scope.companyId)
        let last = try await lastMemberMessage(in: id, worker)
        if let last, last >= limit { return nil }
        return try await giveControl(of: id, to: nil, in: worker).conversation
    }

    /// Who sees a conversation, believed for ``ConversationConfiguration/beliefTime``: for what is said about it in
    /// passing, such as that somebody types.
    /// - Throws: `NotFound`, `MongoError`.
    public func audience(of id: UUID, in scope: TenantScope) async throws -> Audience {
        try await audience(of: ConversationKey(companyId: scope.companyId, conversationId: id), in: scope)
    }
}
