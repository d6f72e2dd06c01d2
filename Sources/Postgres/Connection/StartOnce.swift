import Synchronization

/// Lets exactly one caller be the first.
final class StartOnce: Sendable {
    private let done = Atomic<Bool>(false)

    var wasDone: Bool { done.load(ordering: .acquiring) }

    func first() -> Bool {
        done.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }
}
