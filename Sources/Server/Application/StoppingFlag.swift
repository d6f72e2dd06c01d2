public import ServiceLifecycle
import Synchronization

/// Knows that the server is stopping. As the last service of its group it hears of a shutdown first, and the others
/// only when ``run()`` has returned: so a load balancer can see that `/readyz` says no while requests are still taken.
public final class StoppingFlag: Service {
    private let flag = Atomic<Bool>(false)
    private let leave: Duration

    /// A flag that holds the rest of the shutdown up for `leave`.
    public init(leave: Duration = .zero) { self.leave = leave }

    var isSet: Bool { flag.load(ordering: .acquiring) }

    /// Waits for the shutdown.
    public func run() async throws {
        try? await gracefulShutdown()
        flag.store(true, ordering: .releasing)
        try? await Task.sleep(for: leave)
    }
}
