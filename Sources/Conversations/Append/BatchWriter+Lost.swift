import Foundation
import Mongo

extension BatchWriter {
    /// Asks a majority for the messages whose outcome is not known, for a bounded time: MongoDB may be electing a new
    /// primary, or may still be working on the bulk.
    func lookUpLost(
        _ batch: inout AppendBatch, _ requests: [[AppendRequest]], _ outcomes: inout [[AppendOutcome]]
    ) async {
        var lost: [UUID: (run: Int, entry: Int)] = [:]
        for (run, entries) in outcomes.enumerated() {
            for (entry, outcome) in entries.enumerated() where outcome == .lost {
                lost[requests[run][entry].message.id] = (run, entry)
                batch.runs[run].isUncertain = true
            }
        }
        let deadline = ContinuousClock.now + lookupTime
        var misses = 0
        while !lost.isEmpty, misses < 2, ContinuousClock.now < deadline {
            if let found = try? await seqs(of: Array(lost.keys)) {
                misses += 1
                for (id, seq) in found {
                    guard let place = lost[id], seq == (batch.runs[place.run].head?.seq ?? 0) + 1 + place.entry else {
                        continue
                    }
                    outcomes[place.run][place.entry] = .inserted
                    lost[id] = nil
                }
            }
            if !lost.isEmpty { try? await Task.sleep(for: .milliseconds(250)) }
        }
    }

    private func seqs(of ids: [UUID]) async throws -> [(UUID, Int)] {
        let found = try await messages.find(
            ["_id": ["$in": .array(ids.map { .uuid($0) })]], limit: ids.count, projection: ["_id": 1, "seq": 1])
        return found.compactMap { document in
            guard let id = document.uuid("_id"), let seq = document.int("seq") else { return nil }
            return (id, seq)
        }
    }

    /// The net under ``AppendPlanner``'s argument. Should MongoDB ever refuse a document in the middle of an unordered
    /// bulk for a reason of its own (storage under pressure) and store the one after it, the document is stored again
    /// at its place until it is there.
    func fillHoles(
        _ batch: AppendBatch, _ requests: [[AppendRequest]], _ outcomes: inout [[AppendOutcome]]
    ) async {
        for (index, run) in batch.runs.enumerated() {
            guard let head = run.head, let last = outcomes[index].lastIndex(of: .inserted) else { continue }
            for entry in 0..<last where outcomes[index][entry] == .lost {
                let seq = head.seq + 1 + entry
                logger.error("a message is stored again to close a hole", metadata: ["seq": "\(seq)"])
                var document = requests[index][entry].document
                document.stamp(seq: seq, timestamp: run.timestamp)
                outcomes[index][entry] = await storeAgain(document.document)
            }
        }
    }

    private func storeAgain(_ document: BSONDocument) async -> AppendOutcome {
        let deadline = ContinuousClock.now + lookupTime
        while ContinuousClock.now < deadline {
            let result = try? await messages.bulkWrite(
                [.insert(document)], ordered: true, durability: .journaledMajority)
            if let result {
                switch Self.outcomes(of: result, count: 1, .ordered)[0] {
                case .inserted: return .inserted
                case .seqTaken: return .seqTaken
                case .duplicate: return .duplicate
                default: break
                }
            }
            try? await Task.sleep(for: .milliseconds(250))
        }
        return .lost
    }
}
