public import Foundation
import JSON
import Mongo
public import Tenancy

/// A conversation with the last thing said in it.
public struct ConversationDetails: Sendable, Hashable {
    /// The conversation.
    public let conversation: Conversation
    /// Its last message, if it has any.
    public let lastMessage: Message?
}

extension ConversationStore {
    /// Makes a conversation, with its first message when the draft has one: both or neither.
    ///
    /// A draft with the `id` of a conversation that the caller made before is a repeat and returns that one.
    /// - Throws: `InvalidFields`, `Forbidden`, `StoreConflict` when somebody else's conversation has the id,
    ///   ``ConversationError``, `MongoError`.
    public func create(_ draft: ConversationDraft, in scope: TenantScope) async throws -> CreatedConversation {
        let now = Date().inMilliseconds
        var conversation = try draft.conversation(in: scope, now: now)
        var message: Message?
        if let first = draft.message {
            try first.check(in: scope)
            message = Message(
                first, sender: scope.sender(of: first), companyId: scope.companyId, conversationId: conversation.id,
                in: conversation.audience)
            message = message?.at(seq: 1, timestamp: now)
            conversation.lastMessageAt = now
            conversation.messageCount = 1
        }
        do {
            try await insert(conversation, message)
        } catch let error as MongoError where error.isDuplicateKey {
            return try await replay(of: draft, id: conversation.id, in: scope)
        }
        remember(conversation)
        onEvent(conversation.event(.conversationCreated(conversation)))
        if let message { onEvent(conversation.event(.messagesAppended([StoredMessage(message)]))) }
        return CreatedConversation(conversation: conversation, message: message, replayed: false)
    }

    private func insert(_ conversation: Conversation, _ message: Message?) async throws {
        let noted = noted(.created, conversation.audience, conversation.companyId)
        let document = conversation.document(noted: noted)
        try conversation.checkSize(document)
        guard let message else { return try await conversations.insert(document) }
        let first = MessageDocument(message, noted: noted)
        try first.checkSize()
        try await client.withTransaction { session in
            try await conversations.insert(document, session: session)
            try await messages.insert(first.document, session: session)
        }
    }

    private func replay(
        of draft: ConversationDraft, id: UUID, in scope: TenantScope
    ) async throws -> CreatedConversation {
        do {
            let conversation = try await visible(id, in: scope)
            let key = ConversationKey(companyId: scope.companyId, conversationId: id)
            var filter = key.filter
            filter.append("seq", 1)
            let first = draft.message == nil ? nil : try await messages.findOne(filter)
            return CreatedConversation(
                conversation: conversation, message: try first.map { try Message($0) }, replayed: true)
        } catch is NotFound {
            throw StoreConflict(field: "id", code: "taken", message: "this id is taken")
        }
    }

    /// A conversation and its last message.
    /// - Throws: `NotFound`, `MongoError`.
    public func get(_ id: UUID, in scope: TenantScope) async throws -> ConversationDetails {
        let key = ConversationKey(companyId: scope.companyId, conversationId: id)
        async let last = messages.find(key.filter, sort: ["seq": -1], limit: 1)
        var conversation = try await visible(id, in: scope)
        let lastMessage = try await last.first.map { try Message($0) }
        if let lastMessage, lastMessage.seq > conversation.messageCount {
            // A process ended between the message and its conversation's metadata.
            conversation.messageCount = lastMessage.seq
            conversation.lastMessageAt = max(lastMessage.timestamp, conversation.lastMessageAt ?? lastMessage.timestamp)
            _ = await follower.follow([key: Head(seq: lastMessage.seq, timestamp: lastMessage.timestamp)])
        }
        return ConversationDetails(conversation: conversation, lastMessage: lastMessage)
    }

    /// A conversation alone.
    /// - Throws: `NotFound`, `MongoError`.
    public func conversation(_ id: UUID, in scope: TenantScope) async throws -> Conversation {
        try await visible(id, in: scope)
    }

    /// Changes a conversation. `ifVersion` guards against changing what somebody else changed meanwhile.
    /// - Throws: `NotFound`, `VersionMismatch`, `InvalidFields`, `MongoError`.
    public func update(
        _ id: UUID, _ change: ConversationChange, ifVersion version: Int? = nil, in scope: TenantScope
    ) async throws -> Conversation {
        var filter = scope.filter(id: id)
        if let version { filter.append("version", .int64(Int64(version))) }
        let update = try change.update(in: scope).noting(try await noted(.updated, of: id, in: scope))
        guard let document = try await conversations.findAndUpdate(filter, update, returnNew: true) else {
            let current = try await visible(id, in: scope)
            throw VersionMismatch(current: current.version)
        }
        let conversation = try Conversation(document)
        onEvent(conversation.event(.conversationUpdated(conversation)))
        return conversation
    }

    /// The user's own thread with the company's agents: the same one always, made at the first call.
    /// - Throws: `Forbidden` when it is not a member who calls; `MongoError`.
    public func thread(in scope: TenantScope) async throws -> Conversation {
        guard let userId = scope.userId else { throw Forbidden("only a member has a thread of its own") }
        let filter: BSONDocument = ["companyId": .uuid(scope.companyId), "threadOf": .uuid(userId)]
        for _ in 0..<5 {
            if let document = try await conversations.findOne(filter) {
                let conversation = try Conversation(document)
                remember(conversation)
                return conversation
            }
            let draft = ConversationDraft(platform: .internal)
            let conversation = try draft.conversation(in: scope, now: Date().inMilliseconds)
            do {
                try await conversations.insert(conversation.document(threadOf: userId))
                remember(conversation)
                onEvent(conversation.event(.conversationCreated(conversation)))
                return conversation
            } catch let error as MongoError where error.isDuplicateKey {
                // Somebody else made it just now.
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        throw ConversationError.unavailable("the thread cannot be read yet")
    }
}

extension Conversation {
    func checkSize(_ document: BSONDocument) throws {
        guard document.isSendable, document.bytes.count <= Self.maximumBytes else {
            throw InvalidFields("metadata", "too_long", "a conversation has at most \(Self.maximumBytes) bytes in all")
        }
    }
}

extension ConversationChange {
    /// The change in MongoDB's words.
    func update(in scope: TenantScope) throws -> BSONDocument {
        if case .set(let title) = title { try ConversationDraft.check(title: title) }
        var values: [(String, BSONValue)] = [("updatedAt", .date(Date().inMilliseconds))]
        var removed: [(String, BSONValue)] = []
        func put(_ name: String, _ value: BSONValue?) {
            if let value { values.append((name, value)) } else { removed.append((name, 1)) }
        }
        if case .set(let title) = title { put("title", title.map { .string($0) }) }
        if case .set(let assignee) = assignee { put("assignee", assignee.map { .uuid($0) }) }
        if case .set(let agent) = agent { put("agent", agent.map { .string($0) }) }
        if let status { put("metadata.status", .string(status.rawValue)) }
        if let metadata = metadata?.withoutReservedMetadata() {
            // Not the literal nil, which a BSONValue understands as its null.
            let name = scope.customerId == nil ? "attributes" : "visitorAttributes"
            put(name, metadata.isEmpty ? BSONValue?.none : FreeForm.bson(metadata))
        }
        var update: BSONDocument = ["$set": .document(BSONDocument(values)), "$inc": ["version": 1]]
        if !removed.isEmpty { update.append("$unset", .document(BSONDocument(removed))) }
        guard update.bytes.count <= Conversation.maximumBytes / 2 else {
            throw InvalidFields("metadata", "too_long", "at most \(Conversation.maximumBytes / 2) bytes")
        }
        return update
    }
}
