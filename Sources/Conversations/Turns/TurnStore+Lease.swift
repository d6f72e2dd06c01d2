public import Foundation
public import JSON
import Mongo
public import Tenancy

extension TurnStore {
    /// Renews a claim.
    /// - Returns: whether it still holds.
    /// - Throws: `MongoError`.
    public func renew(_ turn: Turn, at now: Date = Date()) async throws -> Bool {
        try await turns.update(
            one: turn.claimedFilter,
            ["$set": ["leaseUntil": .date(now.addingTimeInterval(Self.leaseSeconds))]]
        ).matched == 1
    }

    /// Keeps the answer as far as it is written, for those who connect in the middle. A failure does not matter.
    public func keepDraft(_ text: String, of turn: Turn) async {
        _ = try? await turns.bulkWrite(
            [.updateOne(filter: turn.claimedFilter, update: ["$set": ["draft": .string(text)]])], ordered: true,
            durability: .acknowledged)
    }

    /// Keeps which tool calls are being made, for those who connect in the middle. A failure does not matter.
    public func keepTools(_ tools: [RunningTool], of turn: Turn) async {
        let update: BSONDocument = ["$set": ["tools": .array(tools.map { .document($0.document) })]]
        _ = try? await turns.bulkWrite(
            [.updateOne(filter: turn.claimedFilter, update: update)], ordered: true, durability: .acknowledged)
    }

    /// Gives a claim back: the turn waits again.
    /// - Parameter countsAsAttempt: false when the reason was not the turn's own, such as a shutdown.
    /// - Throws: `MongoError`.
    public func release(_ turn: Turn, notBefore: Date, countsAsAttempt: Bool) async throws {
        var update: BSONDocument = [
            "$set": ["status": .string(Turn.State.queued.rawValue), "notBefore": .date(notBefore)],
            "$unset": Self.claimFields,
        ]
        if !countsAsAttempt { update.append("$inc", ["attempt": -1]) }
        try await turns.update(one: turn.claimedFilter, update)
    }

    /// Ends a claimed turn that says nothing.
    /// - Returns: whether the claim still held.
    /// - Throws: `MongoError`.
    public func end(_ turn: Turn, _ state: Turn.State, error: String?, record: JSONObject?) async throws -> Bool {
        var values: [(String, BSONValue)] = [
            ("status", .string(state.rawValue)), ("finishedAt", .date(Date().inMilliseconds)),
        ]
        if let error { values.append(("error", .string(error))) }
        if let record { values.append(("record", FreeForm.bson(record))) }
        return try await turns.update(
            one: turn.claimedFilter,
            ["$set": .document(BSONDocument(values)), "$unset": Self.claimFields]
        ).matched == 1
    }

    /// Lets turns wait again whose worker died: their leases ran out.
    /// - Returns: how many.
    /// - Throws: `MongoError`.
    public func releaseExpired(at now: Date = Date()) async throws -> Int {
        let found = try await turns.find(
            [
                "companyId": .everyCompany,
                "status": .string(Turn.State.running.rawValue), "leaseUntil": ["$lt": .date(now)],
            ], limit: 200, hint: ConversationIndexes.runningTurn)
        var released = 0
        for turn in try found.map({ try Turn($0) }) {
            var filter = turn.claimedFilter
            filter.append("leaseUntil", ["$lt": .date(now)])
            released += try await turns.update(
                one: filter,
                ["$set": ["status": .string(Turn.State.queued.rawValue)], "$unset": Self.claimFields]
            ).modified
        }
        return released
    }

    /// Lets a turn go on after a decision. The try before it does not count.
    /// - Returns: whether it was waiting for one.
    /// - Throws: `MongoError`.
    public func resume(_ id: UUID, _ scope: TenantScope) async throws -> Bool {
        try await turns.update(
            one: [
                "_id": .uuid(id), "companyId": .uuid(scope.companyId),
                "status": .string(Turn.State.awaitingApproval.rawValue),
            ],
            [
                "$set": ["status": .string(Turn.State.queued.rawValue), "notBefore": .date(Date().inMilliseconds)],
                "$inc": ["attempt": -1],
            ]
        ).modified == 1
    }

    /// What a turn loses when nobody runs it any more.
    static let claimFields: BSONValue = ["lease": 1, "leaseUntil": 1, "slot": 1, "draft": 1, "tools": 1]

    // MARK: Records

    /// Ended turns whose record for `agent_logs` was left behind by a dead process.
    /// - Throws: `MongoError`.
    public func unrecorded(before date: Date, limit: Int = 100) async throws -> [Turn] {
        let found = try await turns.find(
            [
                "companyId": .everyCompany,
                "record": ["$exists": true], "finishedAt": ["$lt": .date(date)],
            ], limit: limit, hint: ConversationIndexes.unrecordedTurns)
        return try found.map { try Turn($0) }
    }

    /// Notes that a turn's record is written. A failure does not matter: it is written again, to no effect.
    public func noteRecorded(_ turn: Turn) async {
        _ = try? await turns.bulkWrite(
            [
                .updateOne(
                    filter: ["_id": .uuid(turn.id), "companyId": .uuid(turn.companyId)],
                    update: ["$unset": ["record": 1]])
            ], ordered: true, durability: .acknowledged)
    }
}
