/// Decides which messages go to MongoDB together, under which `seq`, and what follows from the outcome.
///
/// A value without clock, locks and connections; ``GroupCommit`` drives it. The unique index
/// `{companyId, conversationId, seq}` is the referee between processes, so planners need not know of each other.
///
/// **Why there are never holes.** Claim: at every moment the stored messages of a conversation carry exactly
/// 1 … n. By induction over single inserts: a writer tries `seq` s only
/// * as the first of a run, and then s − 1 is a head: read with majority, or acknowledged with majority, so it is
///   there and no failover takes it back; or
/// * right after s − 1 of the same run in the same command, and MongoDB works a command's documents off in order.
///   Then s − 1 was stored, or failed. It can fail only because (a) its `seq` was taken: then it exists; or (b) its
///   `clientMessageId` or `_id` was there already: such a message is the last of its run in an unordered bulk, so
///   nothing follows it, and in an ordered bulk the command stops at it; or (c) the command was cut off (timeout,
///   step-down, crash, validation): then the rest of it was not done either. (c) also holds for a document that the
///   validator refuses, by the type system: ``MessageDocument`` cannot write one.
///
/// That is also why no read has to come before an insert: the duplicate-key error itself tells that a message is a
/// repeat. A bulk whose answer was lost may go on to insert after its successor: it obeys the same two rules, so
/// even then there is no hole, only a seq that the successor finds taken.
///
/// **Why there are no doubles.** A message's document keeps its `_id` over all tries, and it is tried again only
/// after MongoDB said that it was not inserted.
///
/// A conversation is in at most one batch at a time, so that one process does not race with itself.
struct AppendPlanner: Sendable {
    struct Limits: Sendable {
        /// Messages in one bulk. Stays below what MongoDB splits into several commands (100,000 or 48 MB).
        var batchMessages = 500
        /// Bytes in one bulk.
        var batchBytes = 4 << 20
        /// Messages that may wait, those on their way included.
        var waitingMessages = 10_000
        /// Bytes that may wait, those on their way included.
        var waitingBytes = 64 << 20
        /// How many messages of one conversation justify an ordered bulk of their own.
        var orderedFrom = 4
        /// How many races a message may lose.
        var conflicts = 64
        /// How many conversations' heads are remembered.
        var heads = 50_000
    }

    fileprivate enum LaneState { case ready, inFlight, resting }

    fileprivate struct Lane {
        var queue: [AppendBatch.Entry] = []
        var idempotents = 0
        var state = LaneState.ready
        var losses = 0
    }

    let limits: Limits
    private var lanes: [ConversationKey: Lane] = [:]
    /// The conversations with something to do, the one that waited longest first.
    private var ready: [ConversationKey] = []
    private var heads: RecentCache<ConversationKey, Head>
    private(set) var waitingMessages = 0
    private(set) var waitingBytes = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
        heads = RecentCache(capacity: limits.heads)
    }

    // MARK: Arrivals

    /// Takes a message in, or says which limit is hit.
    mutating func enqueue(_ entry: AppendBatch.Entry, to key: ConversationKey) throws(AppendFailure) {
        guard waitingMessages < limits.waitingMessages else {
            throw .overloaded("\(limits.waitingMessages) messages are waiting")
        }
        guard waitingBytes + entry.bytes <= limits.waitingBytes else {
            throw .overloaded("\(limits.waitingBytes) bytes are waiting")
        }
        waitingMessages += 1
        waitingBytes += entry.bytes
        if lanes[key] == nil { ready.append(key) }
        lanes[key, default: Lane()].append(entry)
    }

    /// Notes a last message that somebody read or heard of. Only ever from a durable source.
    mutating func learn(_ head: Head, for key: ConversationKey) {
        if let known = heads.value(for: key), known.seq >= head.seq { return }
        heads.insert(head, for: key)
    }

    mutating func forgetHead(of key: ConversationKey) { heads.remove(key) }

    // MARK: Departures

    /// Whether some conversation may send now.
    var hasReady: Bool { !ready.isEmpty }

    /// Cuts the next batch, or nil when no conversation may send now.
    mutating func nextBatch() -> AppendBatch? {
        guard let first = ready.first else { return nil }
        if wantsOrdered(first) {
            ready.removeFirst()
            let run = cut(first, messages: limits.batchMessages, bytes: limits.batchBytes, throughIdempotents: true)
            return AppendBatch(kind: .ordered, runs: [run])
        }
        var runs: [AppendBatch.Run] = []
        var kept: [ConversationKey] = []
        var messages = limits.batchMessages
        var bytes = limits.batchBytes
        for (index, key) in ready.enumerated() {
            if messages <= 0 || bytes <= 0 {
                kept += ready[index...]
                break
            }
            if wantsOrdered(key) || (!runs.isEmpty && bytes < nextBytes(of: key)) {
                kept.append(key)
                continue
            }
            let run = cut(key, messages: messages, bytes: bytes, throughIdempotents: false)
            messages -= run.entries.count
            bytes -= run.entries.reduce(0) { $0 + $1.bytes }
            runs.append(run)
        }
        ready = kept
        return AppendBatch(kind: .mixed, runs: runs)
    }

    /// Several messages that may be refused for being repeats cannot share an unordered run.
    private func wantsOrdered(_ key: ConversationKey) -> Bool {
        guard let lane = lanes[key] else { return false }
        return lane.idempotents >= 2 && lane.queue.count >= limits.orderedFrom
    }

    private func nextBytes(of key: ConversationKey) -> Int { lanes[key]?.queue.first?.bytes ?? 0 }

    private mutating func cut(
        _ key: ConversationKey, messages: Int, bytes: Int, throughIdempotents: Bool
    ) -> AppendBatch.Run {
        let entries = lanes[key]?.cut(messages: messages, bytes: bytes, throughIdempotents: throughIdempotents) ?? []
        lanes[key]?.state = .inFlight
        return AppendBatch.Run(key: key, head: heads.value(for: key), entries: entries)
    }

    // MARK: Outcomes

    /// Takes a batch back with the outcome of each entry, run by run.
    mutating func finish(_ batch: AppendBatch, outcomes: [[AppendOutcome]]) -> AppendSettlement {
        var settlement = AppendSettlement()
        for (run, outcomes) in zip(batch.runs, outcomes) { settle(run, outcomes, into: &settlement) }
        return settlement
    }

    private mutating func settle(
        _ run: AppendBatch.Run, _ outcomes: [AppendOutcome], into settlement: inout AppendSettlement
    ) {
        var last = run.head
        var isStale = run.isUncertain || last == nil
        var lostRace = false
        var again: [AppendBatch.Entry] = []
        for (offset, (entry, outcome)) in zip(run.entries, outcomes).enumerated() {
            let seq = (run.head?.seq ?? 0) + 1 + offset
            var isDone = true
            switch outcome {
            case .inserted:
                let acknowledgement = AppendSettlement.Acknowledgement(
                    ticket: entry.ticket, key: run.key, seq: seq, timestamp: run.timestamp)
                settlement.acknowledged.append(acknowledgement)
                last = Head(seq: seq, timestamp: run.timestamp)
                isStale = run.isUncertain
            case .seqTaken:
                var entry = entry
                entry.conflicts += 1
                lostRace = true
                isStale = true
                if entry.conflicts < limits.conflicts {
                    again.append(entry)
                    isDone = false
                } else {
                    let reason = "\(limits.conflicts) other messages of the conversation came first"
                    settlement.failed.append((entry.ticket, .unavailable(reason)))
                }
            case .notTried:
                again.append(entry)
                isDone = false
            case .duplicate: settlement.duplicates.append(entry.ticket)
            case .rejected(let error): settlement.failed.append((entry.ticket, error))
            case .lost:
                isStale = true
                settlement.failed.append((entry.ticket, .outcomeUnknown))
            }
            if isDone { release(entry) }
        }
        if let last, !isStale { heads.insert(last, for: run.key) } else { heads.remove(run.key) }
        finishLane(run.key, again: again, lostRace: lostRace, &settlement)
    }

    private mutating func finishLane(
        _ key: ConversationKey, again: [AppendBatch.Entry], lostRace: Bool, _ settlement: inout AppendSettlement
    ) {
        guard var lane = lanes[key] else { return }
        lane.prepend(again)
        lane.losses = lostRace ? lane.losses + 1 : 0
        lane.state = lostRace ? .resting : .ready
        lanes[key] = lane.queue.isEmpty ? nil : lane
        guard !lane.queue.isEmpty else { return }
        if lostRace { settlement.backoffs.append((key, lane.losses)) } else { ready.append(key) }
    }

    /// Lets a conversation that lost a race try again.
    mutating func resume(_ key: ConversationKey) {
        guard lanes[key]?.state == .resting else { return }
        lanes[key]?.state = .ready
        ready.append(key)
    }

    // MARK: Giving up

    /// Takes out the messages that still wait and match, and returns their tickets.
    mutating func remove(where matches: (ConversationKey, AppendBatch.Entry) -> Bool) -> [UInt64] {
        var removed: [UInt64] = []
        for key in Array(lanes.keys) {
            guard let lane = lanes[key] else { continue }
            let gone = lane.queue.filter { matches(key, $0) }
            guard !gone.isEmpty else { continue }
            removed += gone.map(\.ticket)
            gone.forEach { release($0) }
            let tickets = Set(gone.map(\.ticket))
            lanes[key]?.keep { !tickets.contains($0.ticket) }
            if lanes[key]?.queue.isEmpty ?? true, lane.state != .inFlight {
                lanes[key] = nil
                ready.removeAll { $0 == key }
            }
        }
        return removed
    }

    private mutating func release(_ entry: AppendBatch.Entry) {
        waitingMessages -= 1
        waitingBytes -= entry.bytes
    }
}

extension AppendPlanner.Lane {
    fileprivate mutating func append(_ entry: AppendBatch.Entry) {
        queue.append(entry)
        if entry.isIdempotent { idempotents += 1 }
    }

    fileprivate mutating func prepend(_ entries: [AppendBatch.Entry]) {
        guard !entries.isEmpty else { return }
        queue.insert(contentsOf: entries, at: 0)
        idempotents += entries.count(where: \.isIdempotent)
    }

    fileprivate mutating func keep(_ matches: (AppendBatch.Entry) -> Bool) {
        queue.removeAll { !matches($0) }
        idempotents = queue.count(where: \.isIdempotent)
    }

    /// Takes entries from the front, at least one. Unless `throughIdempotents`, the first idempotent one is the last.
    fileprivate mutating func cut(messages: Int, bytes: Int, throughIdempotents: Bool) -> [AppendBatch.Entry] {
        var taken = 0
        var size = 0
        for entry in queue {
            guard taken == 0 || (taken < messages && size + entry.bytes <= bytes) else { break }
            taken += 1
            size += entry.bytes
            if entry.isIdempotent && !throughIdempotents { break }
        }
        let entries = Array(queue.prefix(taken))
        queue.removeFirst(taken)
        idempotents -= entries.count(where: \.isIdempotent)
        return entries
    }
}
