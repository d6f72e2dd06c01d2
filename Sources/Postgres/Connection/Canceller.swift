internal import CLibpq
import Dispatch
import Synchronization

/// The key with which a statement can be cancelled from another thread than its connection's.
// @unchecked: PQcancel only reads the object, may be called from any thread, and the object outlives every call.
final class CancelHandle: @unchecked Sendable {
    private let handle: OpaquePointer

    /// Nil when the connection is not open.
    init?(connection: OpaquePointer) {
        guard let handle = PQgetCancel(connection) else { return nil }
        self.handle = handle
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Blocks until the server has taken the request, or could not be reached.
    func cancel() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(handle, &message, Int32(message.count))
    }
}

/// One request to cancel, under way.
final class Cancellation: Sendable {
    private let done = Atomic<Bool>(false)

    var isDone: Bool { done.load(ordering: .acquiring) }
    func finish() { done.store(true, ordering: .releasing) }
}

/// Sends cancel requests on a thread of its own, one after the other: PQcancel blocks. At most one request for each
/// connection is under way.
final class Canceller: Sendable {
    private let queue = DispatchQueue(label: "postgres-cancel")

    func cancel(_ handle: CancelHandle, then wake: @escaping @Sendable () -> Void) -> Cancellation {
        let cancellation = Cancellation()
        queue.async {
            handle.cancel()
            cancellation.finish()
            wake()
        }
        return cancellation
    }
}
