public import Foundation
import Mongo
public import Tenancy

extension ConversationStore {
    /// Appends a message and returns when a majority of MongoDB has it in its journal.
    ///
    /// A draft with a `clientMessageId` of the same sender, or an `id`, that the conversation has already is a repeat:
    /// the message stored first is returned, whatever the draft says.
    /// - Throws: `NotFound`; `Forbidden` when a visitor writes in another role than `customer`; `InvalidFields`;
    ///   `Overloaded` when too many messages wait; ``ConversationError`` when MongoDB is away, in bounded time.
    nonisolated(nonsending) public func append(
        _ draft: MessageDraft, to conversationId: UUID, in scope: TenantScope
    ) async throws -> Appended {
        try draft.check(in: scope)
        let key = ConversationKey(companyId: scope.companyId, conversationId: conversationId)
        let audience = try await audience(of: key, in: scope)
        let message = Message(
            draft, sender: scope.sender(of: draft), companyId: scope.companyId, conversationId: conversationId,
            in: audience)
        let document = MessageDocument(message, noted: noted(.created, audience, scope.companyId))
        try document.checkSize()
        let request = AppendRequest(
            key: key, audience: audience, message: message, document: document,
            isIdempotent: draft.id != nil || draft.clientMessageId != nil || draft.turnId != nil)
        switch try await commit.append(request) {
        case .stored(let stored): return Appended(stored, replayed: false)
        case .repeated:
            let first = try await first(of: message)
            if first.timestamp.timeIntervalSinceNow > -Self.retellingSeconds {
                // Whoever stored it may have ended before it told anybody.
                await onChange([ConversationPlace(key)])
                onEvent(
                    ConversationEvent(
                        companyId: scope.companyId, conversationId: conversationId, audience: audience,
                        change: .messageRepeated(first)))
            }
            return Appended(message: first, replayed: true)
        }
    }

    /// For how long a message is told again when it is sent again.
    private static let retellingSeconds = 120.0

    /// The message that `message` repeats. MongoDB said that it is there; a majority may have it only in a moment.
    func first(of message: Message) async throws -> Message {
        for attempt in 0..<20 {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(min(20 * attempt, 250))) }
            let key = ConversationKey(companyId: message.companyId, conversationId: message.conversationId)
            var byId = key.filter
            byId.append("_id", .uuid(message.id))
            if let found = try await messages.findOne(byId) { return try Message(found) }
            guard let clientMessageId = message.clientMessageId else { continue }
            var byClient = key.filter
            byClient.append("sender", .string(message.sender))
            byClient.append("clientMessageId", .string(clientMessageId))
            if let found = try await messages.findOne(byClient) { return try Message(found) }
        }
        throw ConversationError.unavailable("the message that was sent before cannot be read yet")
    }
}
