public import Foundation
import Mongo
public import Tenancy

/// The approvals of a company's tool calls. Members see those of the conversations that they see.
public struct ApprovalStore: Sendable {
    let approvals: MongoCollection

    init(_ database: MongoDatabase) {
        approvals = database.collection(ConversationSchema.approvals).with(readConcern: .local)
    }

    /// Asks for a decision; asking again for the same call changes nothing.
    /// - Returns: the approval as it stands.
    /// - Throws: `MongoError`, ``ConversationError`` when it is too large.
    public func request(_ approval: Approval, audience: Audience) async throws -> Approval {
        let document = approval.document(audience: audience)
        guard document.isSendable, document.bytes.count <= 1 << 20 else {
            throw ConversationError.tooLarge("an approval has at most \(1 << 20) bytes")
        }
        do {
            try await approvals.insert(document)
            return approval
        } catch let error as MongoError where error.isDuplicateKey {
            guard let found = try await find(approval.id, .forJob(companyId: approval.companyId)) else { throw error }
            return found
        }
    }

    /// One approval, for the turn that waits for it.
    /// - Throws: `MongoError`.
    public func find(_ id: UUID, _ scope: TenantScope) async throws -> Approval? {
        try await approvals.findOne(filter(id, scope)).map { try Approval($0) }
    }

    /// A page of approvals, newest first.
    /// - Throws: `InvalidFields` for a bad cursor, `MongoError`.
    public func list(
        _ scope: TenantScope, state: Approval.State?, page: PageRequest = PageRequest()
    ) async throws -> Page<Approval> {
        var filter = BSONDocument([("companyId", .uuid(scope.companyId))] + scope.ownership)
        if let state { filter.append("status", .string(state.rawValue)) }
        if let text = page.cursor {
            let cursor = try Cursor(text, list: "approvals", count: 1)
            guard let id = UUID(strict: cursor.values[0]) else {
                throw InvalidFields("cursor", "invalid", "is not a cursor of this list; use nextCursor as it was given")
            }
            filter.append("_id", ["$lt": .uuid(id)])
        }
        var items = try await approvals.find(filter, sort: ["_id": -1], limit: page.limit + 1)
            .map { try Approval($0) }
        guard items.count > page.limit else { return Page(items: items, nextCursor: nil) }
        items.removeLast()
        return Page(
            items: items, nextCursor: items.last.map { Cursor(list: "approvals", values: [$0.id.lowercased]).text })
    }

    /// Decides, once. Deciding the same again changes nothing.
    /// - Returns: the approval, and whether this decided it.
    /// - Throws: `NotFound`; `StoreConflict` when it was decided otherwise or is expired; `MongoError`.
    public func decide(
        _ id: UUID, _ decision: Approval.State, by scope: TenantScope, at now: Date = Date()
    ) async throws -> (approval: Approval, isNew: Bool) {
        guard let userId = scope.userId else { throw Forbidden("only a member decides") }
        var open = filter(id, scope)
        open.append("status", .string(Approval.State.pending.rawValue))
        open.append("expiresAt", ["$gt": .date(now)])
        let update: BSONDocument = [
            "$set": [
                "status": .string(decision.rawValue), "decidedBy": .uuid(userId),
                "decidedAt": .date(now.inMilliseconds),
            ]
        ]
        if let decided = try await approvals.findAndUpdate(open, update) { return (try Approval(decided), true) }
        guard let found = try await find(id, scope) else { throw NotFound("approval") }
        if found.state == decision { return (found, false) }
        let how = found.state == .pending ? Approval.State.expired : found.state
        throw StoreConflict(field: nil, code: how.rawValue, message: "this was decided already: \(how.rawValue)")
    }

    /// Decides against all that a turn still asks for, because somebody called it off.
    /// - Throws: `MongoError`.
    public func withdraw(all turn: Turn, by userId: UUID?) async throws {
        var values: [(String, BSONValue)] = [
            ("status", .string(Approval.State.rejected.rawValue)), ("decidedAt", .date(Date().inMilliseconds)),
        ]
        if let userId { values.append(("decidedBy", .uuid(userId))) }
        var filter = turn.key.filter
        filter.append("turnId", .uuid(turn.id))
        filter.append("status", .string(Approval.State.pending.rawValue))
        _ = try await approvals.update(
            many: filter, ["$set": .document(BSONDocument(values)), "$unset": ["isOpen": 1]])
    }

    /// Ends what nobody decided in time.
    /// - Returns: what ended, at most 100.
    /// - Throws: `MongoError`.
    public func expire(at now: Date = Date()) async throws -> [Approval] {
        let due: BSONDocument = [
            "companyId": .everyCompany,
            "isOpen": true, "status": .string(Approval.State.pending.rawValue), "expiresAt": ["$lte": .date(now)],
        ]
        var expired: [Approval] = []
        for document in try await approvals.find(due, limit: 100, hint: ConversationIndexes.openApprovals) {
            guard let id = document.uuid("_id"), let companyId = document.uuid("companyId") else { continue }
            let changed = try await approvals.findAndUpdate(
                [
                    "_id": .uuid(id), "companyId": .uuid(companyId),
                    "status": .string(Approval.State.pending.rawValue),
                ], ["$set": ["status": .string(Approval.State.expired.rawValue)]])
            if let changed { expired.append(try Approval(changed)) }
        }
        return expired
    }

    /// What is decided, while its turn does not know yet.
    /// - Throws: `MongoError`.
    public func undelivered(limit: Int = 100) async throws -> [Approval] {
        let found = try await approvals.find(
            [
                "companyId": .everyCompany,
                "isOpen": true, "status": ["$ne": .string(Approval.State.pending.rawValue)],
            ], limit: limit, hint: ConversationIndexes.openApprovals)
        return try found.map { try Approval($0) }
    }

    /// Notes that the turn knows.
    /// - Throws: `MongoError`.
    public func noteDelivered(_ approval: Approval) async throws {
        try await approvals.update(
            one: ["_id": .uuid(approval.id), "companyId": .uuid(approval.companyId)], ["$unset": ["isOpen": 1]])
    }

    func remove(_ key: ConversationKey) async throws { _ = try await approvals.delete(many: key.filter) }

    private func filter(_ id: UUID, _ scope: TenantScope) -> BSONDocument {
        BSONDocument([("_id", .uuid(id)), ("companyId", .uuid(scope.companyId))] + scope.ownership)
    }
}
