/// Who has which connection and who waits: the pool's bookkeeping as a value, without locks, clocks or connections.
/// Inputs are methods; what has to be done is what they return.
struct PoolState {
    typealias Instant = ContinuousClock.Instant

    /// One place of the pool, 0 ..< capacity.
    typealias Slot = Int

    struct WaiterID: Hashable {
        let number: Int
    }

    enum Lease: Equatable {
        case granted(Slot)
        case wait(WaiterID, deadline: Instant)
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        case queueFull
        case shutDown
    }

    enum Release: Equatable {
        case hand(Slot, to: WaiterID)
        case kept
        /// The last connection came back after `shutDown()`.
        case drained
    }

    private struct Waiter {
        let id: WaiterID
        let deadline: Instant
    }

    let capacity: Int
    let queueLimit: Int
    let waitTimeout: Duration

    // The most recently used connected slot is last; those without a connection are at the front, so that a server that
    // takes no more connections does not keep the ones we have from being used.
    private var idle: [Slot] = []
    private var used = 0
    private var leased: Set<Slot> = []
    private var waiters: [Waiter] = []
    private var numbers = 0
    private(set) var isShutDown = false

    init(capacity: Int, queueLimit: Int, waitTimeout: Duration) {
        self.capacity = max(1, capacity)
        self.queueLimit = max(0, queueLimit)
        self.waitTimeout = waitTimeout
    }

    var leasedCount: Int { leased.count }
    var waitingCount: Int { waiters.count }
    var isDrained: Bool { isShutDown && leased.isEmpty }

    mutating func lease(now: Instant) -> Lease {
        if isShutDown { return .refused(.shutDown) }
        // Nobody overtakes a waiter: a slot can be idle only when none waits.
        if let slot = idle.popLast() ?? newSlot() {
            leased.insert(slot)
            return .granted(slot)
        }
        if waiters.count >= queueLimit { return .refused(.queueFull) }
        numbers += 1
        let waiter = Waiter(id: WaiterID(number: numbers), deadline: now + waitTimeout)
        waiters.append(waiter)
        return .wait(waiter.id, deadline: waiter.deadline)
    }

    mutating func release(_ slot: Slot, connected: Bool) -> Release {
        precondition(leased.contains(slot), "a connection was given back twice")
        if let first = waiters.first {
            waiters.removeFirst()
            return .hand(slot, to: first.id)
        }
        leased.remove(slot)
        idle.insert(slot, at: connected ? idle.endIndex : 0)
        return isDrained ? .drained : .kept
    }

    /// Whether the waiter was still waiting; otherwise it has a connection or an error already.
    mutating func cancel(_ id: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// Takes out whoever has waited too long, and tells when to look again. All wait equally long, so that the first
    /// in the queue is always the first to expire.
    mutating func expire(now: Instant) -> (expired: [WaiterID], next: Instant?) {
        let expired = waiters.prefix { $0.deadline <= now }
        waiters.removeFirst(expired.count)
        return (expired.map(\.id), waiters.first?.deadline)
    }

    /// From here on nothing is lent. Returns those who waited.
    mutating func shutDown() -> [WaiterID] {
        isShutDown = true
        defer { waiters = [] }
        return waiters.map(\.id)
    }

    private mutating func newSlot() -> Slot? {
        guard used < capacity else { return nil }
        used += 1
        return used - 1
    }
}
