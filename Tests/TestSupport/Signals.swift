import Synchronization

/// Counts up.
public final class Counter: Sendable {
    private let state = Mutex(0)

    /// None yet.
    public init() {}

    /// How often so far.
    public var value: Int { state.withLock { $0 } }
    /// Counts, and says how often so far.
    @discardableResult public func add() -> Int {
        state.withLock {
            $0 += 1
            return $0
        }
    }
    /// Changes the count.
    public func withLock(_ change: (inout Int) -> Void) { state.withLock { change(&$0) } }
}

/// What happened, in order.
public final class Journal<Entry: Sendable>: Sendable {
    private let state = Mutex<[Entry]>([])

    /// Nothing yet.
    public init() {}

    /// What happened so far.
    public var all: [Entry] { state.withLock { $0 } }
    /// It happened.
    public func add(_ entry: Entry) { state.withLock { $0.append(entry) } }
}

/// A door that stays shut until a test opens it.
public final class Gate: Sendable {
    private let opened: AsyncStream<Void>
    private let isOpened = Atomic(false)
    private let door: AsyncStream<Void>.Continuation
    /// How many came to it.
    public let arrivals = Counter()

    /// A shut one.
    public init() { (opened, door) = AsyncStream.makeStream() }

    /// Opens it for all.
    public func open() {
        isOpened.store(true, ordering: .releasing)
        door.finish()
    }
    /// Whether it is open.
    public var isOpen: Bool { isOpened.load(ordering: .acquiring) }

    /// Waits until it is open.
    public func pass() async {
        arrivals.add()
        for await _ in opened {}
    }
}
