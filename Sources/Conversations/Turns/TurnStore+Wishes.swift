public import Foundation
import JSON
import Mongo
public import Tenancy

/// What members want of a turn.
extension TurnStore {
    /// Calls a turn off that is not over. A worker that runs it finds its claim gone, at the latest when it commits.
    /// - Returns: the turn as it was before; nil when it was over already.
    /// - Throws: `MongoError`.
    public func cancel(_ id: UUID, _ scope: TenantScope, because reason: String) async throws -> Turn? {
        let open: [Turn.State] = [.queued, .running, .awaitingApproval]
        let found = try await turns.findAndUpdate(
            [
                "_id": .uuid(id), "companyId": .uuid(scope.companyId),
                "status": ["$in": .array(open.map { .string($0.rawValue) })],
            ],
            [
                "$set": [
                    "status": .string(Turn.State.cancelled.rawValue), "finishedAt": .date(Date().inMilliseconds),
                    "error": .string(reason), "record": ["state": .string(Turn.State.cancelled.rawValue)],
                ], "$unset": Self.claimFields,
            ], returnNew: false)
        return try found.map { try Turn($0) }
    }

    /// Lets a failed turn be tried again, under the same id; what its tools did already they do not do again.
    /// - Returns: whether it had failed.
    /// - Throws: `MongoError`.
    public func retry(_ turn: Turn) async throws -> Bool {
        try await turns.update(
            one: [
                "_id": .uuid(turn.id), "companyId": .uuid(turn.companyId),
                "status": .string(Turn.State.failed.rawValue), "attempt": .int64(Int64(turn.attempt)),
            ],
            [
                "$set": [
                    "status": .string(Turn.State.queued.rawValue), "notBefore": .date(Date().inMilliseconds),
                    "earlierAttempts": .int64(Int64(turn.attempt)),
                ], "$unset": ["finishedAt": 1, "error": 1, "record": 1],
            ]
        ).modified == 1
    }
}
