import NIOCore

/// The bookkeeping of one pipelined connection, without any input or output: which commands wait for a reply, in
/// the order in which they were sent, and the bytes that are to be written next.
struct PipelineState<Waiter: Sendable>: Sendable {
    /// What becomes of a reply.
    enum Answer {
        /// The command was given up; its reply is dropped.
        case dropped
        /// A batch is not complete yet.
        case partial
        case one(Waiter, RESPValue)
        case many(Waiter, [RESPValue])
        /// Nobody asked.
        case unsolicited
    }

    struct Limits: Sendable {
        var commands: Int
        var bytes: Int
    }

    private struct Entry {
        let ticket: UInt64
        var waiter: Waiter?
        let deadline: NIODeadline
        let bytes: Int
        let expected: Int
        let isBatch: Bool
        var replies: [RESPValue] = []
        var received = 0
    }

    private let limits: Limits
    private var entries = CircularBuffer<Entry>()
    private var outgoing = ByteBuffer()
    private var flushScheduled = false
    private var wantedCheck: NIODeadline?
    private var scheduledCheck: NIODeadline?
    private(set) var pendingCommands = 0
    private(set) var pendingBytes = 0
    private(set) var isClosed = false

    init(limits: Limits) { self.limits = limits }

    /// Takes in a command, or a batch of them when `isBatch`.
    /// - Returns: whether the caller has to see to it that ``takeOutgoing()`` is called soon.
    /// - Throws: `unavailable` when closed, `overloaded` when a limit would be passed. Then nothing has changed.
    mutating func enqueue(
        ticket: UInt64, waiter: Waiter?, deadline: NIODeadline, commands: Int, isBatch: Bool, size: Int,
        write: (inout ByteBuffer) -> Void
    ) throws(RedisError) -> Bool {
        guard !isClosed else { throw .unavailable }
        guard pendingCommands + commands <= limits.commands else {
            throw .overloaded(limit: "\(limits.commands) commands")
        }
        guard pendingBytes + size <= limits.bytes else { throw .overloaded(limit: "\(limits.bytes) bytes") }
        entries.append(
            Entry(
                ticket: ticket, waiter: waiter, deadline: deadline, bytes: size, expected: commands, isBatch: isBatch))
        pendingCommands += commands
        pendingBytes += size
        wantedCheck = min(wantedCheck ?? deadline, deadline)
        // One allocation for a usual flush instead of one for each doubling.
        if outgoing.capacity == 0 { outgoing.reserveCapacity(max(size, 1_024)) }
        write(&outgoing)
        defer { flushScheduled = true }
        return !flushScheduled
    }

    /// Writes bytes that no reply is counted for.
    mutating func enqueueUncounted(_ write: (inout ByteBuffer) -> Void) throws(RedisError) -> Bool {
        guard !isClosed else { throw .unavailable }
        write(&outgoing)
        defer { flushScheduled = true }
        return !flushScheduled
    }

    /// Everything that gathered since the last call.
    mutating func takeOutgoing() -> ByteBuffer? {
        flushScheduled = false
        guard !isClosed, outgoing.readableBytes > 0 else { return nil }
        defer { outgoing = ByteBuffer() }
        return outgoing
    }

    /// Gives up one command. Its reply will be read and dropped.
    mutating func cancel(_ ticket: UInt64) -> Waiter? {
        guard let index = entries.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        defer { entries[index].waiter = nil }
        return entries[index].waiter
    }

    /// The next reply belongs to the oldest command.
    mutating func answer(_ value: RESPValue) -> Answer {
        guard let first = entries.indices.first else { return .unsolicited }
        pendingCommands -= 1
        if entries[first].isBatch {
            entries[first].received += 1
            if entries[first].waiter != nil { entries[first].replies.append(value) }
            guard entries[first].received == entries[first].expected else { return .partial }
        }
        let entry = entries.removeFirst()
        pendingBytes -= entry.bytes
        guard let waiter = entry.waiter else { return .dropped }
        return entry.isBatch ? .many(waiter, entry.replies) : .one(waiter, value)
    }

    /// When deadlines have to be looked at next, unless that is asked for already.
    mutating func checkToSchedule() -> NIODeadline? {
        guard let wantedCheck else { return nil }
        if let scheduledCheck, scheduledCheck <= wantedCheck { return nil }
        scheduledCheck = wantedCheck
        return wantedCheck
    }

    /// Whether a deadline has passed. Given-up commands count: a reply that does not come is a dead connection.
    /// - Parameter scheduled: the time that ``checkToSchedule()`` gave for this look.
    mutating func check(scheduled: NIODeadline, now: NIODeadline) -> Bool {
        // A later look that an earlier one replaced.
        guard scheduled == scheduledCheck else { return false }
        scheduledCheck = nil
        wantedCheck = entries.lazy.map(\.deadline).min()
        return wantedCheck.map { $0 <= now } ?? false
    }

    /// Ends everything.
    /// - Returns: who waits, and whether its own deadline had passed.
    mutating func close(now: NIODeadline) -> [(waiter: Waiter, isOverdue: Bool)] {
        isClosed = true
        defer {
            entries.removeAll()
            outgoing = ByteBuffer()
            pendingCommands = 0
            pendingBytes = 0
        }
        return entries.compactMap { entry in entry.waiter.map { ($0, entry.deadline <= now) } }
    }
}
