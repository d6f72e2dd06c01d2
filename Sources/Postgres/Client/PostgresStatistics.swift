import Synchronization

/// What a client has done and does, for metrics.
public struct PostgresStatistics: Sendable, Hashable {
    /// Connections open now.
    public var openConnections: Int
    /// Connections lent now.
    public var leasedConnections: Int
    /// Callers waiting for a connection now.
    public var waitingCallers: Int
    /// Connections opened since the start.
    public var connectionsOpened: Int
    /// Times that a batch of statements was sent and answered, since the start.
    public var roundTrips: Int
}

/// The counters behind the statistics.
final class Counters: Sendable {
    private let open = Atomic<Int>(0)
    private let everOpened = Atomic<Int>(0)
    private let trips = Atomic<Int>(0)

    func opened() {
        open.add(1, ordering: .relaxed)
        everOpened.add(1, ordering: .relaxed)
    }

    func closed() {
        open.subtract(1, ordering: .relaxed)
    }

    func roundTrip() {
        trips.add(1, ordering: .relaxed)
    }

    func snapshot(leased: Int, waiting: Int) -> PostgresStatistics {
        PostgresStatistics(
            openConnections: open.load(ordering: .relaxed), leasedConnections: leased, waitingCallers: waiting,
            connectionsOpened: everOpened.load(ordering: .relaxed), roundTrips: trips.load(ordering: .relaxed))
    }
}
