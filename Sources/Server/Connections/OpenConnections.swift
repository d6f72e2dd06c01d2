import ServiceLifecycle
import Synchronization

/// How many connections are open. As a service it ends when none is left after the server has stopped: what requests
/// work with must not be closed before.
final class OpenConnections: Service {
    private struct State {
        var count = 0
        var waiter: CheckedContinuation<Void, Never>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func opened() { state.withLock { $0.count += 1 } }

    func closed() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.count -= 1
            return state.count == 0 ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Waits for the shutdown, and then for the last connection; not for that when it is cancelled.
    func run() async throws {
        try? await gracefulShutdown()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.count == 0 || state.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                state.isCancelled = true
                return state.waiter.take()
            }
            waiter?.resume()
        }
    }
}
