public import Foundation
import Mongo

extension TurnStore {
    /// How long a claim holds without being renewed, in seconds.
    public static let leaseSeconds: TimeInterval = 30
    /// The most turns of one conversation that are looked at together.
    private static let window = 50

    /// A conversation in which a turn may be due.
    public struct Lane: Sendable, Hashable {
        /// The company.
        public let companyId: UUID
        /// The conversation.
        public let conversationId: UUID

        /// A conversation of a company.
        public init(companyId: UUID, conversationId: UUID) {
            self.companyId = companyId
            self.conversationId = conversationId
        }

        var key: ConversationKey { ConversationKey(companyId: companyId, conversationId: conversationId) }
    }

    /// Conversations in which a turn is due and none runs, at most `limit`: companies take turns, the one with the
    /// fewest running first, then the one that waits longest.
    /// - Parameter perCompany: how many turns of one company may run at once, on all processes.
    /// - Throws: `MongoError`.
    public func due(at now: Date, perCompany: Int, limit: Int) async throws -> [Lane] {
        let busy = try await busyConversations()
        let groups = try await turns.aggregate(
            [
                [
                    "$match": [
                        "companyId": .everyCompany,
                        "status": .string(Turn.State.queued.rawValue), "notBefore": ["$lte": .date(now)],
                    ]
                ],
                ["$group": ["_id": "$companyId", "since": ["$min": "$notBefore"]]],
                ["$sort": ["since": 1]], ["$limit": 500],
            ], limit: 500, hint: ConversationIndexes.readyTurns)
        let companies = groups.compactMap { $0.uuid("_id") }
            .map { (id: $0, running: busy[$0]?.count ?? 0) }.filter { $0.running < perCompany }
            .enumerated().sorted { ($0.element.running, $0.offset) < ($1.element.running, $1.offset) }
            .prefix(limit).map(\.element)
        var lanes: [[Lane]] = []
        for company in companies {
            lanes.append(
                try await due(of: company.id, at: now, besides: busy[company.id] ?? [])
                    .prefix(perCompany - company.running).map { $0 })
        }
        var chosen: [Lane] = []
        for round in 0..<(lanes.map(\.count).max() ?? 0) {
            for lane in lanes where lane.indices.contains(round) && chosen.count < limit { chosen.append(lane[round]) }
        }
        return chosen
    }

    private func due(of companyId: UUID, at now: Date, besides busy: Set<UUID>) async throws -> [Lane] {
        let found = try await turns.find(
            [
                "companyId": .uuid(companyId), "status": .string(Turn.State.queued.rawValue),
                "notBefore": ["$lte": .date(now)],
                "conversationId": ["$nin": .array(busy.map { .uuid($0) })],
            ], sort: ["notBefore": 1], limit: Self.window, projection: ["_id": 0, "conversationId": 1],
            hint: ConversationIndexes.readyTurns)
        var seen: Set<UUID> = []
        return found.compactMap { $0.uuid("conversationId") }.filter { seen.insert($0).inserted }
            .map { Lane(companyId: companyId, conversationId: $0) }
    }

    private func busyConversations() async throws -> [UUID: Set<UUID>] {
        let found = try await turns.find(
            [
                "companyId": .everyCompany,
                "status": .string(Turn.State.running.rawValue),
            ], limit: 10_000, projection: ["_id": 0, "companyId": 1, "conversationId": 1],
            hint: ConversationIndexes.runningTurn)
        return found.reduce(into: [:]) { busy, document in
            guard let company = document.uuid("companyId"), let id = document.uuid("conversationId") else { return }
            busy[company, default: []].insert(id)
        }
    }

    /// Claims the conversation's next turn: it is `running` under a lease of the caller's then, and the messages that
    /// it covers are its own. Nil when nothing is due, somebody else was faster, the company's places are taken, or an
    /// earlier message's turns are still to be accepted.
    /// - Throws: `MongoError`.
    public func claim(_ lane: Lane, at now: Date, perCompany: Int) async throws -> Turn? {
        let unaccepted = try await firstUnaccepted(
            in: lane.conversationId, at: now, .forJob(companyId: lane.companyId))
        var filter = lane.key.filter
        filter.append("status", .string(Turn.State.queued.rawValue))
        let found = try await turns.find(filter, sort: ["triggerSeq": 1, "ordinal": 1], limit: Self.window)
        let waiting = try found.map { try Turn($0) }.filter { $0.triggerSeq <= unaccepted ?? .max }
        switch TurnCoalescing.choose(waiting, at: now) {
        case nil: return nil
        case .wait(let date):
            // Due only when the next piece is, so that it is not found again and again.
            if let first = waiting.first, first.notBefore < date {
                try await turns.update(one: first.queuedFilter, ["$set": ["notBefore": .date(date)]])
            }
            return nil
        case .run(let turn, let covered):
            guard let claimed = try await claim(turn, covering: covered, at: now, perCompany) else { return nil }
            try await supersede(covered, by: claimed, at: now)
            return claimed
        }
    }

    private func claim(_ turn: Turn, covering: [Turn], at now: Date, _ perCompany: Int) async throws -> Turn? {
        let covers = turn.covers + covering.map(\.triggerMessageId).filter { !turn.covers.contains($0) }
        for slot in try await freeSlots(of: turn.companyId, perCompany) {
            let update: BSONDocument = [
                "$set": [
                    "status": .string(Turn.State.running.rawValue), "slot": .int64(Int64(slot)),
                    "lease": .uuid(UUID()), "leaseUntil": .date(now.addingTimeInterval(Self.leaseSeconds)),
                    "startedAt": .date(now), "covers": .array(covers.map { .uuid($0) }),
                ],
                "$inc": ["attempt": 1],
            ]
            do {
                return try await turns.findAndUpdate(turn.queuedFilter, update).map { try Turn($0) }
            } catch let error as MongoError where error.duplicateIndex == ConversationIndexes.turnSlot {
                continue
            } catch let error as MongoError where error.isDuplicateKey {
                return nil
            }
        }
        return nil
    }

    private func freeSlots(of companyId: UUID, _ perCompany: Int) async throws -> [Int] {
        let found = try await turns.find(
            ["companyId": .uuid(companyId), "status": .string(Turn.State.running.rawValue)], limit: 1_000,
            projection: ["_id": 0, "slot": 1], hint: ConversationIndexes.turnSlot)
        let taken = Set(found.compactMap { $0.int("slot") })
        return (0..<perCompany).filter { !taken.contains($0) }
    }

    private func supersede(_ covered: [Turn], by turn: Turn, at now: Date) async throws {
        guard !covered.isEmpty else { return }
        try await turns.update(
            many: [
                "_id": ["$in": .array(covered.map { .uuid($0.id) })], "companyId": .uuid(turn.companyId),
                "status": .string(Turn.State.queued.rawValue),
            ],
            [
                "$set": [
                    "status": .string(Turn.State.superseded.rawValue), "supersededBy": .uuid(turn.id),
                    "finishedAt": .date(now), "record": ["state": .string(Turn.State.superseded.rawValue)],
                ]
            ])
    }
}

extension Turn {
    fileprivate var queuedFilter: BSONDocument {
        ["_id": .uuid(id), "companyId": .uuid(companyId), "status": .string(State.queued.rawValue)]
    }

    /// Finds the turn as long as this claim holds.
    var claimedFilter: BSONDocument {
        [
            "_id": .uuid(id), "companyId": .uuid(companyId), "status": .string(State.running.rawValue),
            "lease": lease.map { .uuid($0) } ?? .null,
        ]
    }

    /// The same turn, claimed by the caller from the beginning; for ``TurnStore/add(_:)``.
    public func claimed(slot: Int, at now: Date) -> Turn {
        var turn = self
        turn.state = .running
        turn.attempt = 1
        turn.startedAt = now
        turn.lease = UUID()
        turn.leaseUntil = now.addingTimeInterval(TurnStore.leaseSeconds)
        turn.slot = slot
        return turn
    }

    /// The same turn, waiting.
    public var unclaimed: Turn {
        var turn = self
        turn.state = .queued
        turn.attempt = 0
        turn.startedAt = nil
        turn.lease = nil
        turn.leaseUntil = nil
        turn.slot = nil
        return turn
    }
}
