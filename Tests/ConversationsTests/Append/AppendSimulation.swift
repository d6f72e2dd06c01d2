import Foundation

@testable import Conversations

/// Several processes that append to the same conversations, each step chosen by chance: one message arrives, one batch
/// is cut, one document is inserted, one answer comes back or is lost while the command goes on.
struct AppendSimulation {
    struct Message {
        let id: Int
        let clientId: Int?
        let key: ConversationKey
    }

    /// A command on its way: `next` documents are done.
    struct Command {
        let process: Int?
        var batch: AppendBatch
        var documents: [(run: Int, entry: Int)]
        var outcomes: [[AppendOutcome]]
    }

    var generator: SeededGenerator
    var model = ModelOfMessages()
    var planners: [AppendPlanner]
    var messages: [Message] = []
    var commands: [Command] = []
    var acknowledged: [Int: Int] = [:]
    var repeats: Set<Int> = []
    var failed: [Int: AppendFailure] = [:]
    let keys: [ConversationKey]
    let losesAnswers: Bool

    init(seed: UInt64, processes: Int, conversations: Int, losesAnswers: Bool) {
        generator = SeededGenerator(seed: seed)
        var limits = AppendPlanner.Limits()
        limits.batchMessages = 12
        limits.conflicts = 10_000
        limits.heads = 4
        planners = (0..<processes).map { _ in AppendPlanner(limits: limits) }
        keys = (0..<conversations).map { _ in ConversationKey(companyId: UUID(), conversationId: UUID()) }
        self.losesAnswers = losesAnswers
    }

    /// Runs until `count` messages arrived and nothing is on its way. Returns what went wrong, if anything.
    mutating func run(_ count: Int) throws -> String? {
        while messages.count < count || !commands.isEmpty || planners.contains(where: { $0.waitingMessages > 0 }) {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...1 where messages.count < count: try arrive()
            case 2: cut(Int.random(in: planners.indices, using: &generator))
            default: step()
            }
            if let hole = model.hole() { return "a hole in \(hole)" }
        }
        return nil
    }

    private mutating func arrive() throws {
        let process = Int.random(in: planners.indices, using: &generator)
        let clientId = Bool.random(using: &generator) ? Int.random(in: 0..<40, using: &generator) : nil
        let key = keys[Int.random(in: keys.indices, using: &generator)]
        let message = Message(id: messages.count, clientId: clientId, key: key)
        messages.append(message)
        let entry = AppendBatch.Entry(ticket: UInt64(message.id), bytes: 10, isIdempotent: clientId != nil)
        try planners[process].enqueue(entry, to: key)
    }

    private mutating func cut(_ process: Int) {
        guard commands.count(where: { $0.process == process }) < 2, var batch = planners[process].nextBatch() else {
            return
        }
        for index in batch.runs.indices where batch.runs[index].head == nil {
            let seq = model.head(of: batch.runs[index].key)
            batch.runs[index].head = Head(seq: seq, timestamp: .distantPast)
        }
        let documents = batch.runs.indices.flatMap { run in batch.runs[run].entries.indices.map { (run, $0) } }
        let outcomes = batch.runs.map { $0.entries.map { _ in AppendOutcome.notTried } }
        commands.append(Command(process: process, batch: batch, documents: documents, outcomes: outcomes))
    }

    /// One document of some command is inserted, or its answer is lost, or the finished command is answered.
    private mutating func step() {
        guard !commands.isEmpty else { return }
        let place = Int.random(in: commands.indices, using: &generator)
        var command = commands[place]
        if command.documents.isEmpty {
            commands.remove(at: place)
            if let process = command.process { answer(process, command.batch, command.outcomes) }
            return
        }
        if losesAnswers, let process = command.process, Int.random(in: 0..<30, using: &generator) == 0 {
            lose(process, command)
            command = Command(
                process: nil, batch: command.batch, documents: command.documents, outcomes: command.outcomes)
            commands[place] = command
            return
        }
        let (run, entry) = command.documents.removeFirst()
        let message = messages[Int(command.batch.runs[run].entries[entry].ticket)]
        let seq = (command.batch.runs[run].head?.seq ?? 0) + 1 + entry
        let outcome = model.insert(message.id, clientId: message.clientId, seq: seq, into: message.key)
        command.outcomes[run][entry] = outcome
        if command.batch.kind == .ordered, outcome != .inserted { command.documents = [] }
        commands[place] = command
    }

    /// The process looks up what was stored and goes on; the command goes on too, unseen.
    private mutating func lose(_ process: Int, _ command: Command) {
        var batch = command.batch
        for index in batch.runs.indices { batch.runs[index].isUncertain = true }
        let outcomes = command.outcomes.map { $0.map { $0 == .inserted ? AppendOutcome.inserted : .lost } }
        answer(process, batch, outcomes)
    }

    private mutating func answer(_ process: Int, _ batch: AppendBatch, _ outcomes: [[AppendOutcome]]) {
        let settlement = planners[process].finish(batch, outcomes: outcomes)
        for acknowledgement in settlement.acknowledged {
            acknowledged[Int(acknowledgement.ticket)] = acknowledgement.seq
        }
        repeats.formUnion(settlement.duplicates.map { Int($0) })
        for failure in settlement.failed { failed[Int(failure.ticket)] = failure.error }
        for backoff in settlement.backoffs { planners[process].resume(backoff.key) }
    }
}
