public import Foundation
import Mongo
public import Tenancy

/// The summaries of conversations, one for each, written by one process at a time under a lease.
///
/// Whoever changes a message afterwards makes a summary that covers it void and counts the revision up, so that a
/// summary which is just being written from the old text is not stored either.
public struct SummaryStore: Sendable {
    /// For how many seconds a claim holds.
    public static let leaseSeconds: TimeInterval = 120
    /// By how many seconds the clocks of two processes may differ.
    static let clockSeconds: TimeInterval = 30

    let summaries: MongoCollection

    init(_ database: MongoDatabase) {
        summaries = database.collection(ConversationSchema.summaries).with(readConcern: .local)
    }

    /// The summary of a conversation that the caller may see; nil when there is none.
    /// - Throws: `MongoError`.
    public func summary(of conversationId: UUID, _ scope: TenantScope) async throws -> ConversationSummary? {
        guard scope.caller == .worker else { throw Forbidden("summaries are for the company's own work") }
        let key = ConversationKey(companyId: scope.companyId, conversationId: conversationId)
        return try await summaries.findOne(key.filter).flatMap { ConversationSummary($0) }
    }

    /// Claims the right to write the summary; nil while somebody else has it.
    /// - Throws: `MongoError`.
    public func claim(_ conversationId: UUID, _ scope: TenantScope, at now: Date = Date()) async throws -> SummaryClaim?
    {
        let key = ConversationKey(companyId: scope.companyId, conversationId: conversationId)
        do {
            try await summaries.insert(
                [
                    "_id": .uuid(conversationId), "companyId": .uuid(key.companyId),
                    "conversationId": .uuid(conversationId), "revision": .int64(0),
                ])
        } catch let error as MongoError where error.isDuplicateKey {}
        let lease = UUID()
        var free = key.filter
        free.append("$or", [["leaseUntil": .null], ["leaseUntil": ["$lt": .date(now)]]])
        guard
            let found = try await summaries.findAndUpdate(
                free,
                [
                    "$set": [
                        "lease": .uuid(lease), "leaseUntil": .date(now.addingTimeInterval(Self.leaseSeconds)),
                    ]
                ])
        else { return nil }
        return SummaryClaim(
            summary: ConversationSummary(found), key: key, lease: lease, revision: found.int("revision") ?? 0)
    }

    /// Stores the summary, and goes on having the claim.
    /// - Returns: false when the claim was lost, a message that it covers changed meanwhile, or the conversation is gone.
    /// - Throws: `MongoError`; ``ConversationError`` when the text is too long.
    public func keep(_ summary: ConversationSummary, _ claim: SummaryClaim) async throws -> Bool {
        guard summary.text.utf8.count <= ConversationSummary.maximumBytes else {
            throw ConversationError.tooLarge("a summary has at most \(ConversationSummary.maximumBytes) bytes")
        }
        var filter = claim.filter
        filter.append("revision", .int64(Int64(claim.revision)))
        return try await summaries.update(
            one: filter,
            [
                "$set": [
                    "after": .int64(Int64(summary.after)), "seq": .int64(Int64(summary.seq)),
                    "text": .string(summary.text), "labels": .document(summary.labels.document),
                    "readAt": .date(summary.readAt),
                ]
            ]
        ).matched == 1
    }

    /// Gives the claim back.
    /// - Throws: `MongoError`; the claim ends by itself then.
    public func release(_ claim: SummaryClaim) async throws {
        try await summaries.update(one: claim.filter, ["$unset": ["lease": 1, "leaseUntil": 1]])
    }

    /// A message changed: a summary that covers it, made or being made, is void.
    /// - Parameter date: spares a summary that was read long enough after this; nil spares none.
    func invalidate(
        _ key: ConversationKey, seq: Int, changedAt date: Date? = nil, session: MongoSession? = nil
    ) async throws {
        let void: BSONValue = ["after": 1, "seq": 1, "text": 1, "labels": 1, "readAt": 1]
        var covering = key.filter
        covering.append("seq", ["$gte": .int64(Int64(seq))])
        if let date { covering.append("readAt", ["$lt": .date(date.addingTimeInterval(Self.clockSeconds))]) }
        let result = try await summaries.update(
            one: covering, ["$unset": void, "$inc": ["revision": 1]], session: session)
        guard result.matched == 0 else { return }
        // One that is being written may have read the old text.
        var writing = key.filter
        writing.append("lease", ["$exists": true])
        try await summaries.update(one: writing, ["$inc": ["revision": 1]], session: session)
    }

    func remove(_ key: ConversationKey) async throws { _ = try await summaries.delete(many: key.filter) }
}

extension SummaryClaim {
    fileprivate var filter: BSONDocument {
        var filter = key.filter
        filter.append("lease", .uuid(lease))
        return filter
    }
}
