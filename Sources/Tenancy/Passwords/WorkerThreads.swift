import Dispatch
import Foundation
import Synchronization

/// A fixed number of threads for work that blocks or computes for long, with a bounded queue. Swift's cooperative
/// threads only wait for it without being held.
final class WorkerThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isClosed = false
    }

    /// What the threads share; they hold it, and not their owner, so that the owner can go.
    private final class Queue: Sendable {
        let state = Mutex(State())
        let filled = DispatchSemaphore(value: 0)

        func work() {
            while true {
                filled.wait()
                let next = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
                guard let next else { return }
                next()
            }
        }
    }

    private let queue = Queue()
    private let threads: Int
    private let queueLimit: Int
    private let name: String

    init(name: String, threads: Int, queueLimit: Int) {
        self.name = name
        self.threads = threads
        self.queueLimit = queueLimit
        for index in 0..<threads {
            let thread = Thread { [queue] in queue.work() }
            thread.name = "\(name)-\(index)"
            thread.start()
        }
    }

    /// A thread that wakes to an empty queue ends; what was accepted is still done.
    deinit {
        for _ in 0..<threads { queue.filled.signal() }
    }

    /// Runs `work` on one of the threads. When the task is cancelled before its turn, `work` is not run.
    /// - Throws: ``Overloaded`` when the queue is full; `CancellationError`.
    func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async throws -> T {
        let cancelled = Flag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let accepted = queue.state.withLock { state in
                    guard state.waiting.count < queueLimit else { return false }
                    state.waiting.append {
                        if cancelled.isUp {
                            continuation.resume(throwing: CancellationError())
                        } else {
                            continuation.resume(returning: work())
                        }
                    }
                    return true
                }
                if accepted {
                    queue.filled.signal()
                } else {
                    continuation.resume(throwing: Overloaded(name))
                }
            }
        } onCancel: {
            cancelled.raise()
        }
    }
}

/// A flag that closures can share.
private final class Flag: Sendable {
    private let atomic = Atomic<Bool>(false)

    var isUp: Bool { atomic.load(ordering: .acquiring) }

    func raise() { atomic.store(true, ordering: .releasing) }
}
