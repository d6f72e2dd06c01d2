public import Foundation
import Mongo
public import Tenancy

/// A message that a customer reads elsewhere is its own outbox: `delivery` says whether it was taken up, and then how it
/// fares.
extension ConversationStore {
    /// The messages of a conversation that nobody has taken up for sending, in the order of `seq`; at most 200.
    /// - Throws: `MongoError`.
    public func pendingDeliveries(in conversationId: UUID, _ scope: TenantScope) async throws -> [Message] {
        var filter = ConversationKey(companyId: scope.companyId, conversationId: conversationId).filter
        filter.append("delivery.state", .string(Delivery.State.pending.rawValue))
        return try await messages.find(
            filter, sort: ["seq": 1], limit: 200, hint: ConversationIndexes.pendingDelivery
        ).map { try Message($0) }
    }

    /// Conversations of all companies in which a dead process left messages since before `date`, at most 200.
    /// - Throws: `MongoError`.
    public func conversationsWithPendingDelivery(before date: Date) async throws -> [ConversationPlace] {
        let found = try await messages.find(
            [
                "companyId": .everyCompany, "delivery.state": .string(Delivery.State.pending.rawValue),
                "timestamp": ["$lt": .date(date)],
            ], limit: 200, projection: ["companyId": 1, "conversationId": 1], hint: ConversationIndexes.pendingDelivery)
        var places: Set<ConversationPlace> = []
        for document in found {
            if let company = document.uuid("companyId"), let id = document.uuid("conversationId") {
                places.insert(ConversationPlace(ConversationKey(companyId: company, conversationId: id)))
            }
        }
        return Array(places)
    }

    /// Notes how a message fares, unless it is known to be further already.
    /// - Parameter delivery: nil for one that is not sent at all, as long as nobody has taken it up.
    /// - Throws: `MongoError`.
    public func note(
        _ delivery: Delivery?, of id: UUID, in conversationId: UUID, _ scope: TenantScope
    ) async throws {
        var filter = ConversationKey(companyId: scope.companyId, conversationId: conversationId).filter
        filter.append("_id", .uuid(id))
        guard let delivery else {
            filter.append("delivery.state", .string(Delivery.State.pending.rawValue))
            try await tell(messages.findAndUpdate(filter, ["$unset": ["delivery": 1]], returnNew: true), scope)
            return
        }
        let before = delivery.state.predecessors.map { BSONValue.string($0.rawValue) }
        filter.append("delivery.state", ["$in": .array(before)])
        let changed = try await messages.findAndUpdate(
            filter, ["$set": ["delivery": .document(delivery.document)]], returnNew: true)
        // For clients nothing changes by being taken up.
        if delivery.state != .queued { try await tell(changed, scope) }
    }

    private func tell(_ changed: BSONDocument?, _ scope: TenantScope) async throws {
        guard let message = try changed.map({ try Message($0) }) else { return }
        let key = ConversationKey(companyId: message.companyId, conversationId: message.conversationId)
        await onChange([ConversationPlace(key)])
        let audience = try await audience(of: key, in: scope)
        onEvent(
            ConversationEvent(
                companyId: message.companyId, conversationId: message.conversationId, audience: audience,
                change: .messageUpdated(message)))
    }
}
