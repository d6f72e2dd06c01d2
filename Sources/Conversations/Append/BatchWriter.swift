import Foundation
import Logging
import Mongo

/// Stores one batch and finds out what became of every message of it.
///
/// Head where it is not known → insert (majority, journal) → metadata of the conversations (w: 1, once the messages are
/// there for good, so that `messageCount` never names a `seq` that a failover can take back), and beside it ``onChange``
/// → outcomes.
struct BatchWriter: Sendable {
    struct Written: Sendable {
        /// The batch with the heads it went out with.
        var batch: AppendBatch
        var outcomes: [[AppendOutcome]]
        /// The messages now stored, run by run, with place and time.
        var stored: [[StoredMessage]]
        /// Conversations that were deleted meanwhile. What was stored in them just now is removed again.
        var vanished: [ConversationKey]
    }

    let messages: MongoCollection
    let follower: MetadataFollower
    let lookupTime: Duration
    let logger: Logger
    /// Hears which conversations' messages have changed, once that is durable and before anybody else is told.
    var onChange: @Sendable ([ConversationPlace]) async -> Void = { _ in }

    func write(_ prepared: PreparedBatch) async -> Written {
        var batch = prepared.batch
        var outcomes = batch.runs.map { $0.entries.map { _ in AppendOutcome.notTried } }
        await readHeads(of: &batch, &outcomes)
        stamp(&batch)
        await insert(&batch, prepared.requests, &outcomes)
        let changed = zip(batch.runs, outcomes).filter { $1.contains(.inserted) }.map { ConversationPlace($0.0.key) }
        async let isTold: Void = onChange(changed)
        let vanished = await follow(batch, prepared.requests, &outcomes)
        await isTold
        return Written(
            batch: batch, outcomes: outcomes, stored: stored(batch, prepared.requests, outcomes), vanished: vanished)
    }

    // MARK: Heads

    /// Reads the unknown heads, all at once: a batch has few of them. Runs whose head cannot be read are refused.
    private func readHeads(of batch: inout AppendBatch, _ outcomes: inout [[AppendOutcome]]) async {
        let unknown = batch.runs.indices.filter { batch.runs[$0].head == nil }
        guard !unknown.isEmpty else { return }
        let keys = unknown.map { batch.runs[$0].key }
        let heads = await withTaskGroup(of: FoundHead.self) { group in
            for (index, key) in zip(unknown, keys) { group.addTask { await find(key, at: index) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for found in heads {
            if let head = found.head {
                batch.runs[found.index].head = head
            } else {
                outcomes[found.index] = outcomes[found.index].map { _ in
                    .rejected(.unavailable("the last message cannot be read"))
                }
            }
        }
    }

    /// The head of a run; nil when it cannot be read.
    private struct FoundHead: Sendable {
        let index: Int
        let head: Head?
    }

    /// A value with a name, made in a method: the optimizer of Swift 6.3 breaks tuples that a task's closure returns from
    /// two places.
    private func find(_ key: ConversationKey, at index: Int) async -> FoundHead {
        FoundHead(index: index, head: try? await head(of: key))
    }

    /// The last message that a majority has.
    private func head(of key: ConversationKey) async throws -> Head {
        let found = try await messages.find(
            key.filter, sort: ["seq": -1], limit: 1, projection: ["_id": 0, "seq": 1, "timestamp": 1])
        return Head(seq: found.first?.int("seq") ?? 0, timestamp: found.first?.date("timestamp") ?? .distantPast)
    }

    private func stamp(_ batch: inout AppendBatch) {
        let now = Date().inMilliseconds
        for index in batch.runs.indices {
            batch.runs[index].timestamp = max(now, batch.runs[index].head?.timestamp ?? now)
        }
    }

    // MARK: Messages

    private func insert(
        _ batch: inout AppendBatch, _ requests: [[AppendRequest]], _ outcomes: inout [[AppendOutcome]]
    ) async {
        var writes: [MongoWrite] = []
        var places: [(run: Int, entry: Int)] = []
        for (index, run) in batch.runs.enumerated() {
            guard let head = run.head else { continue }
            for (entry, request) in requests[index].enumerated() {
                var document = request.document
                document.stamp(seq: head.seq + 1 + entry, timestamp: run.timestamp)
                writes.append(.insert(document.document))
                places.append((index, entry))
            }
        }
        guard !writes.isEmpty else { return }
        do {
            let result = try await messages.bulkWrite(
                writes, ordered: batch.kind == .ordered, durability: .journaledMajority)
            for (place, outcome) in zip(places, Self.outcomes(of: result, count: writes.count, batch.kind)) {
                outcomes[place.run][place.entry] = outcome
            }
        } catch let error as MongoError where error.wasNotSent {
            for place in places { outcomes[place.run][place.entry] = .rejected(.unavailable(error.message)) }
            return
        } catch {
            logger.warning("the answer to a batch of messages was lost", metadata: ["error": "\(error)"])
            for place in places { outcomes[place.run][place.entry] = .lost }
        }
        await lookUpLost(&batch, requests, &outcomes)
        await fillHoles(batch, requests, &outcomes)
    }

    /// What the answer says of each document. A document of which it says nothing sure is ``AppendOutcome/lost``.
    static func outcomes(of result: MongoBulkResult, count: Int, _ kind: AppendBatch.Kind) -> [AppendOutcome] {
        var outcomes = [AppendOutcome](repeating: .inserted, count: count)
        for error in result.writeErrors where outcomes.indices.contains(error.index) {
            switch error.duplicateIndex {
            case ConversationIndexes.seq: outcomes[error.index] = .seqTaken
            case ConversationIndexes.clientMessageId, ConversationIndexes.replyOfTurn, "_id_":
                outcomes[error.index] = .duplicate
            default: outcomes[error.index] = .lost
            }
            if kind == .ordered {
                for index in (error.index + 1)..<max(count, error.index + 1) { outcomes[index] = .notTried }
            }
        }
        guard outcomes.count(where: { $0 == .inserted }) != result.inserted else { return outcomes }
        return outcomes.map { $0 == .inserted ? .lost : $0 }
    }

    // MARK: Conversations

    private func follow(
        _ batch: AppendBatch, _ requests: [[AppendRequest]], _ outcomes: inout [[AppendOutcome]]
    ) async -> [ConversationKey] {
        var heads: [ConversationKey: Head] = [:]
        for (index, run) in batch.runs.enumerated() {
            if let last = outcomes[index].lastIndex(of: .inserted), let head = run.head {
                heads[run.key] = Head(seq: head.seq + 1 + last, timestamp: run.timestamp)
            }
        }
        guard !heads.isEmpty else { return [] }
        let vanished = await follower.follow(heads)
        for (index, run) in batch.runs.enumerated() where vanished.contains(run.key) {
            var ids: [UUID] = []
            for entry in run.entries.indices where outcomes[index][entry] == .inserted {
                outcomes[index][entry] = .rejected(.vanished)
                ids.append(requests[index][entry].message.id)
            }
            await remove(ids, from: run.key)
        }
        return Array(vanished)
    }

    /// Takes back what was stored in a conversation that is gone. When that fails, the sweeper does it: the conversation
    /// was there less than ``ConversationConfiguration/tombstoneLifetime`` ago.
    private func remove(_ ids: [UUID], from key: ConversationKey) async {
        var filter = key.filter
        filter.append("_id", ["$in": .array(ids.map { .uuid($0) })])
        do {
            _ = try await messages.delete(many: filter)
        } catch {
            logger.warning(
                "messages of a deleted conversation are left to the sweeper", metadata: ["error": "\(error)"])
        }
    }

    private func stored(
        _ batch: AppendBatch, _ requests: [[AppendRequest]], _ outcomes: [[AppendOutcome]]
    ) -> [[StoredMessage]] {
        batch.runs.indices.map { index in
            let run = batch.runs[index]
            return run.entries.indices.compactMap { entry in
                guard outcomes[index][entry] == .inserted, let head = run.head else { return nil }
                let message = requests[index][entry].message
                return StoredMessage(message.at(seq: head.seq + 1 + entry, timestamp: run.timestamp))
            }
        }
    }
}

extension ConversationKey {
    /// Finds the messages of the conversation.
    var filter: BSONDocument { ["companyId": .uuid(companyId), "conversationId": .uuid(conversationId)] }
}

extension MongoError {
    /// Whether it is certain that nothing reached MongoDB.
    var wasNotSent: Bool {
        switch code {
        case .connection, .authentication, .queueFull, .shutdown, .invalid, .configuration: true
        default: false
        }
    }
}
