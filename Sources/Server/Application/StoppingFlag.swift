import ServiceLifecycle
import Synchronization

/// Knows that the server is stopping. It is the last service, so that it hears of a shutdown first.
final class StoppingFlag: Service {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func run() async throws {
        try? await gracefulShutdown()
        flag.store(true, ordering: .releasing)
    }
}
