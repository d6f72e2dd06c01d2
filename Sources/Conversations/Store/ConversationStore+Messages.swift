public import Foundation
import Mongo
public import Tenancy

extension ConversationStore {
    /// A page of at most `limit` (brought into 1–200) messages. A reader that goes on `after` the last `seq` it saw
    /// misses nothing: `seq` has no holes.
    /// - Throws: `NotFound`, `MongoError`.
    public func messages(
        of conversationId: UUID, at position: MessagePosition = .latest, limit: Int = 50, in scope: TenantScope
    ) async throws -> MessagePage {
        try await shownMessages(of: conversationId, at: position, limit: limit, in: scope).page
    }

    /// As ``messages(of:at:limit:in:)``, with who else may be shown the same.
    /// - Throws: `NotFound`, `MongoError`.
    public func shownMessages(
        of conversationId: UUID, at position: MessagePosition, limit: Int, in scope: TenantScope
    ) async throws -> (page: MessagePage, audience: Audience) {
        let limit = min(max(limit, PageRequest.limits.lowerBound), PageRequest.limits.upperBound)
        let key = ConversationKey(companyId: scope.companyId, conversationId: conversationId)
        async let found = find(key, position, limit: limit + 1)
        let audience = try await visible(conversationId, in: scope).audience
        var messages = try await found.map { try Message($0) }
        let hasMore = messages.count > limit
        if hasMore { messages.removeLast() }
        if case .after = position {
            let next = hasMore ? messages.last.map { MessagePosition.after($0.seq) } : nil
            return (MessagePage(messages: messages, next: next), audience)
        }
        messages.reverse()
        let next = hasMore ? messages.first.map { MessagePosition.before($0.seq) } : nil
        return (MessagePage(messages: messages, next: next), audience)
    }

    private func find(
        _ key: ConversationKey, _ position: MessagePosition, limit: Int
    ) async throws -> [BSONDocument] {
        var filter = key.filter
        switch position {
        case .latest: break
        case .after(let seq): filter.append("seq", ["$gt": .int64(Int64(seq))])
        case .before(let seq): filter.append("seq", ["$lt": .int64(Int64(seq))])
        }
        var direction: Int64 = -1
        if case .after = position { direction = 1 }
        return try await messages.find(filter, sort: ["seq": .int64(direction)], limit: limit)
    }

    /// One message.
    /// - Throws: `NotFound`, `MongoError`.
    public func message(_ id: UUID, of conversationId: UUID, in scope: TenantScope) async throws -> Message {
        async let found = messages.findOne(filter(id, conversationId, scope))
        _ = try await visible(conversationId, in: scope)
        guard let document = try await found else { throw NotFound("message") }
        return try Message(document)
    }

    /// Changes a message's text or metadata, sets `editedAt` and keeps its place.
    /// - Throws: `NotFound`; `Forbidden` when a visitor edits what somebody else wrote; `StoreConflict` when the message
    ///   was deleted; `InvalidFields`; `MongoError`.
    public func edit(
        _ id: UUID, of conversationId: UUID, _ edit: MessageEdit, in scope: TenantScope
    ) async throws -> Message {
        try MessageDraft(role: .customer, content: edit.content ?? "").check(in: scope)
        let now = BSONValue.date(Date().inMilliseconds)
        var values: [(String, BSONValue)] = [("editedAt", now)]
        if edit.content != nil { values.append((Self.traceMark, now)) }
        if let content = edit.content { values.append(("content", .string(content))) }
        if let metadata = edit.metadata { values.append(("metadata", FreeForm.bson(metadata))) }
        let change: BSONDocument = ["$set": .document(BSONDocument(values))]
        guard change.bytes.count <= MessageDocument.maximumBytes / 2 else {
            throw InvalidFields("metadata", "too_long", "at most \(MessageDocument.maximumBytes / 2) bytes")
        }
        let (conversation, message) = try await write(change, .updated, id, conversationId, scope)
        guard let message else {
            throw StoreConflict(field: nil, code: "deleted", message: "a deleted message cannot be edited")
        }
        await onChange([conversation.place])
        onEvent(conversation.event(.messageUpdated(message)))
        if edit.content != nil { await removeTracesNow(of: message) }
        return message
    }

    /// Blanks a message: text, reasoning, calls and metadata go, its place stays, and what was made of it elsewhere goes
    /// (``MessageTraces``). Deleting it again changes nothing.
    /// - Throws: `NotFound`; `Forbidden` when a visitor deletes what somebody else wrote; `MongoError`.
    @discardableResult
    public func delete(message id: UUID, of conversationId: UUID, in scope: TenantScope) async throws -> Message {
        let now = BSONValue.date(Date().inMilliseconds)
        let change: BSONDocument = [
            "$set": .document(["content": "", "deletedAt": now, Self.traceMark: now]),
            "$unset": ["reasoning": 1, "functionCalls": 1, "functionOutputs": 1, "metadata": 1],
        ]
        let (conversation, message) = try await write(change, .deleted, id, conversationId, scope)
        guard let message else { return try await self.message(id, of: conversationId, in: scope) }
        await onChange([conversation.place])
        onEvent(conversation.event(.messageDeleted(message)))
        await removeTracesNow(of: message)
        return message
    }

    /// Applies a change to a message that is not deleted; nil when it is.
    private func write(
        _ change: BSONDocument, _ kind: News.Kind, _ id: UUID, _ conversationId: UUID, _ scope: TenantScope
    ) async throws -> (Conversation, Message?) {
        let conversation = try await visible(conversationId, in: scope)
        let change = change.noting(noted(kind, conversation.audience, scope.companyId))
        var filter = filter(id, conversationId, scope)
        filter.append("deletedAt", .null)
        if let customerId = scope.customerId { filter.append("sender", .string("customer:\(customerId.lowercased)")) }
        if let document = try await messages.findAndUpdate(filter, change, returnNew: true) {
            return (conversation, try Message(document))
        }
        let message = try await message(id, of: conversationId, in: scope)
        if let customerId = scope.customerId, message.sender != "customer:\(customerId.lowercased)" {
            throw Forbidden("a visitor changes only its own messages")
        }
        return (conversation, nil)
    }

    private func filter(_ id: UUID, _ conversationId: UUID, _ scope: TenantScope) -> BSONDocument {
        ["_id": .uuid(id), "companyId": .uuid(scope.companyId), "conversationId": .uuid(conversationId)]
    }
}
