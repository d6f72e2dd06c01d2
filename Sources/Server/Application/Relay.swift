import Synchronization

/// Hands what happens to somebody who is made after the one that tells it.
final class Relay<Event>: Sendable {
    /// A struct around the closure: a closure that goes through a generic lock by itself comes back wrapped once more each
    /// time, and one day its calls fill the stack.
    private struct Listener: Sendable {
        let hear: @Sendable (Event) -> Void
    }

    private let listener = Mutex<Listener?>(nil)

    /// Tells what happened; quick, and never waits.
    func tell(_ event: Event) { listener.withLock { $0 }?.hear(event) }

    /// Names the one who hears it, in the place of anybody before.
    func listen(_ body: @escaping @Sendable (Event) -> Void) { listener.withLock { $0 = Listener(hear: body) } }
}
