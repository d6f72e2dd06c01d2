public import Foundation
import JSON
import Logging
import Mongo
public import Tenancy

/// The turns of all companies: accepting, claiming, finding and recording them.
///
/// Unique indexes are the referees between processes: one turn for each trigger and agent, one running turn for each
/// conversation, one for each of a company's places.
public struct TurnStore: Sendable {
    let turns: MongoCollection
    private let messages: MongoCollection
    /// For how many seconds a message whose turns nobody accepts holds up those of later ones. A sweep takes it up
    /// long before.
    private static let acceptSeconds: TimeInterval = 60

    init(_ database: MongoDatabase) {
        // What the primary has is enough: every change is one atomic update of one document, guarded by its lease.
        turns = database.collection(ConversationSchema.turns).with(readConcern: .local)
        messages = database.collection(ConversationSchema.messages).with(readConcern: .local)
    }

    /// What became of a turn that was to be added.
    public enum Addition: Sendable, Hashable {
        /// It is new.
        case added
        /// It was there.
        case known
        /// It was to be added as running, and its conversation or its company's place is taken.
        case busy
    }

    /// Adds turns that are not there yet. All are tried.
    /// - Throws: `MongoError`.
    public func add(_ new: [Turn]) async throws -> [Addition] {
        guard !new.isEmpty else { return [] }
        let result = try await turns.bulkWrite(new.map { .insert($0.document) }, ordered: false)
        var additions = [Addition](repeating: .added, count: new.count)
        for error in result.writeErrors where additions.indices.contains(error.index) {
            guard error.isDuplicateKey else {
                throw MongoError(.server(code: error.code), error.message)
            }
            let isPlaceTaken =
                error.duplicateIndex == ConversationIndexes.runningTurn
                || error.duplicateIndex == ConversationIndexes.turnSlot
            additions[error.index] = isPlaceTaken ? .busy : .known
        }
        return additions
    }

    /// The `seq` of the conversation's first message whose turns are not accepted yet: turns of later messages wait for
    /// them. Ask before looking at turns: what is accepted in between is among those then.
    /// - Throws: `MongoError`.
    public func firstUnaccepted(in conversationId: UUID, at now: Date, _ scope: TenantScope) async throws -> Int? {
        var filter = ConversationKey(companyId: scope.companyId, conversationId: conversationId).filter
        filter.append("timestamp", ["$gte": .date(now.addingTimeInterval(-Self.acceptSeconds))])
        filter.append("routing.state", .string(ConversationStore.pendingRouting))
        return try await messages.find(
            filter, sort: ["timestamp": 1], limit: 10, projection: ["_id": 0, "seq": 1],
            hint: ConversationIndexes.pendingRouting
        ).compactMap { $0.int("seq") }.min()
    }

    /// Whether some turn of the conversation waits or runs.
    /// - Throws: `MongoError`.
    public func hasOpenTurn(in conversationId: UUID, _ scope: TenantScope) async throws -> Bool {
        var filter = ConversationKey(companyId: scope.companyId, conversationId: conversationId).filter
        filter.append("status", ["$in": [.string(Turn.State.queued.rawValue), .string(Turn.State.running.rawValue)]])
        return try await turns.findOne(filter, projection: ["_id": 1]) != nil
    }

    /// One turn.
    /// - Throws: `NotFound`, `MongoError`.
    public func turn(_ id: UUID, _ scope: TenantScope) async throws -> Turn {
        guard let found = try await turns.findOne(["_id": .uuid(id), "companyId": .uuid(scope.companyId)]) else {
            throw NotFound("turn")
        }
        return try Turn(found)
    }

    /// The turns of a message, in their order.
    /// - Throws: `MongoError`.
    public func turns(of triggerMessageId: UUID, _ scope: TenantScope) async throws -> [Turn] {
        let found = try await turns.find(
            ["companyId": .uuid(scope.companyId), "triggerMessageId": .uuid(triggerMessageId)], limit: 16)
        return try found.map { try Turn($0) }.sorted { $0.ordinal < $1.ordinal }
    }

    /// The turn that runs in a conversation.
    /// - Throws: `MongoError`.
    public func running(in conversationId: UUID, _ scope: TenantScope) async throws -> Turn? {
        var filter = ConversationKey(companyId: scope.companyId, conversationId: conversationId).filter
        filter.append("status", .string(Turn.State.running.rawValue))
        return try await turns.findOne(filter).map { try Turn($0) }
    }

    /// How the turn before this one ended in the same conversation; nil when there was none.
    /// - Throws: `MongoError`.
    public func previousEnd(before turn: Turn) async throws -> Turn.State? {
        var filter = turn.key.filter
        filter.append("_id", ["$ne": .uuid(turn.id)])
        filter.append("triggerSeq", ["$lte": .int64(Int64(turn.triggerSeq))])
        filter.append(
            "status",
            ["$in": .array([Turn.State.succeeded, .handedOff, .failed].map { .string($0.rawValue) })])
        return try await turns.findOne(filter, sort: ["triggerSeq": -1, "ordinal": -1]).map { try Turn($0) }?.state
    }

    /// Removes the turns of a conversation.
    func remove(_ key: ConversationKey) async throws { _ = try await turns.delete(many: key.filter) }
}
