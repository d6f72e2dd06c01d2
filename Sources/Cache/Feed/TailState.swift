import Foundation
import Redis
import Tenancy

/// Who reads what, and how far the tail has come. No input or output.
struct TailState: Sendable {
    struct Reader: Sendable {
        let inbox: BoundedInbox<FeedDelivery>
        let caller: Caller
        /// Nil: everything in the company.
        var conversation: UUID?
    }

    private struct Company {
        /// Nil until it is known where the stream ends.
        var position: FeedID?
        /// How many readers are just finding that out themselves.
        var seekers = 0
        /// Readers of everything.
        var readers: [Int: Reader] = [:]
        /// Readers of one conversation.
        var byConversation: [UUID: [Int: Reader]] = [:]

        var isEmpty: Bool { readers.isEmpty && byConversation.isEmpty }
        var all: [Reader] { Array(readers.values) + byConversation.values.flatMap(\.values) }
    }

    /// What one XREAD asks for.
    struct Plan: Sendable {
        var positions: [(company: UUID, position: FeedID)] = []
        var unknown: [UUID] = []
        /// Whether there are only readers which are not ready yet.
        var isEmpty: Bool { positions.isEmpty && unknown.isEmpty }
    }

    private var companies: [UUID: Company] = [:]
    private var nextNumber = 0
    /// Goes up whenever a company comes in.
    private(set) var version = 0
    /// The version that the running XREAD knows.
    private(set) var plannedVersion = 0
    /// Number of the tail's connection, while it may block.
    var connectionId: Int64?
    var isRunning = false
    private var isWaking = false
    var isClosed = false

    /// - Returns: the reader's number; whether the position has to be found out.
    mutating func add(_ reader: Reader, _ company: UUID) -> (number: Int, isUnknown: Bool) {
        nextNumber += 1
        if companies[company] == nil { companies[company] = Company() }
        if let conversation = reader.conversation {
            companies[company]?.byConversation[conversation, default: [:]][nextNumber] = reader
        } else {
            companies[company]?.readers[nextNumber] = reader
        }
        let isUnknown = companies[company]?.position == nil
        if isUnknown { companies[company]?.seekers += 1 }
        return (nextNumber, isUnknown)
    }

    mutating func remove(_ number: Int, _ company: UUID, _ conversation: UUID?) {
        if let conversation {
            companies[company]?.byConversation[conversation]?[number] = nil
            if companies[company]?.byConversation[conversation]?.isEmpty == true {
                companies[company]?.byConversation[conversation] = nil
            }
        } else {
            companies[company]?.readers[number] = nil
        }
        if companies[company]?.isEmpty == true { companies[company] = nil }
    }

    /// A reader has found out the position, or could not: then the tail does, and the readers resync.
    mutating func endSeeking(_ company: UUID, position: FeedID?) {
        companies[company]?.seekers -= 1
        if let position { begin(company, at: position) } else { version += 1 }
    }

    /// Sets where a company's stream ended, unless that was known.
    mutating func begin(_ company: UUID, at position: FeedID) {
        guard companies[company] != nil, companies[company]?.position == nil else { return }
        companies[company]?.position = position
        version += 1
    }

    /// What to ask for next; nil when there is no reader, and then the tail is over.
    mutating func plan() -> Plan? {
        guard !isClosed, !companies.isEmpty else {
            isRunning = false
            return nil
        }
        var plan = Plan()
        for (company, state) in companies {
            if let position = state.position {
                plan.positions.append((company, position))
            } else if state.seekers <= 0 {
                plan.unknown.append(company)
            }
        }
        plannedVersion = version
        return plan
    }

    /// Whether a reader came that the running XREAD does not know of.
    var needsWake: Bool { isRunning && plannedVersion < version }

    /// Whether a task has to be started that wakes the XREAD. One is enough.
    mutating func startWaking() -> Bool {
        guard needsWake, !isWaking else { return false }
        isWaking = true
        return true
    }

    /// Whether the waking task is done.
    mutating func stopWaking() -> Bool {
        if needsWake { return false }
        isWaking = false
        return true
    }

    /// How far the company's stream has been read.
    func position(of company: UUID) -> FeedID { companies[company]?.position ?? .zero }

    mutating func advance(_ company: UUID, to last: FeedID) { companies[company]?.position = last }

    func readers(_ company: UUID) -> [Reader] { companies[company]?.all ?? [] }

    /// The readers that an entry concerns; nil stands for an entry that cannot be read.
    func readers(_ company: UUID, of entry: FeedEntry?) -> [Reader] {
        guard let state = companies[company] else { return [] }
        guard let event = entry?.event, event.isForClients else { return state.all }
        guard let conversation = event.conversationId, let narrow = state.byConversation[conversation] else {
            return Array(state.readers.values)
        }
        return state.readers.isEmpty ? Array(narrow.values) : Array(state.readers.values) + narrow.values
    }

    /// The connection was lost: nobody knows what was missed.
    mutating func forgetPositions() {
        connectionId = nil
        for company in companies.keys { companies[company]?.position = nil }
    }

    var allReaders: [Reader] { companies.values.flatMap(\.all) }
}
