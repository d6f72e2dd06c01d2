public import Foundation
import Mongo
public import Tenancy

/// Who may answer in a conversation. Each change is one atomic update of the conversation, which counts
/// `control.version` up; giving control to its holder changes nothing.
///
/// An agent notes the version when its turn begins and compares it right before its reply is appended
/// (``control(of:in:)``). So no reply whose commit begins after control changed is stored. A reply that was on its way
/// into the store in that very moment may still get its `seq`; the person's message that took control comes after it,
/// because control is taken before that message is appended.
extension ConversationStore {
    /// Gives control to `holder`, a user's id or `agent:<name>`; to nobody in particular when nil.
    /// - Returns: the conversation, and whether this changed it.
    /// - Throws: `NotFound`, `MongoError`.
    public func giveControl(
        of id: UUID, to holder: String?, in scope: TenantScope
    ) async throws -> (conversation: Conversation, isChanged: Bool) {
        var filter = scope.filter(id: id)
        let now = BSONValue.date(Date().inMilliseconds)
        let update: BSONDocument
        if let holder {
            filter.append("control.holder", ["$ne": .string(holder)])
            update = [
                "$set": ["control.holder": .string(holder), "updatedAt": now],
                "$inc": ["control.version": .int64(1), "version": .int64(1)],
            ]
        } else {
            filter.append("control.holder", ["$exists": true])
            update = [
                "$unset": ["control.holder": 1], "$set": ["updatedAt": now],
                "$inc": ["control.version": .int64(1), "version": .int64(1)],
            ]
        }
        guard let document = try await conversations.findAndUpdate(filter, update, returnNew: true) else {
            return (try await visible(id, in: scope), false)
        }
        let conversation = try Conversation(document)
        onEvent(conversation.event(.conversationUpdated(conversation)))
        return (conversation, true)
    }

    /// Who sees a conversation, believed for ``ConversationConfiguration/beliefTime``: for what is said about it in
    /// passing, such as that somebody types.
    /// - Throws: `NotFound`, `MongoError`.
    public func audience(of id: UUID, in scope: TenantScope) async throws -> Audience {
        try await audience(of: ConversationKey(companyId: scope.companyId, conversationId: id), in: scope)
    }
}
