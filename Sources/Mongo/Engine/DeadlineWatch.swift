import Dispatch
import Synchronization

/// Interrupts callers whose deadline has come. Its thread sleeps until the earliest deadline it knows of; while all
/// goes well it wakes about once per operation timeout.
final class DeadlineWatch: Sendable {
    private let wake = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    private struct Entry {
        let job: any Job
        let queue: JobQueue
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var nextLook: ContinuousClock.Instant?
        var isStopped = false
    }

    func add(_ job: any Job, in queue: JobQueue) {
        let isEarlier = state.withLock { state in
            state.entries[ObjectIdentifier(job)] = Entry(job: job, queue: queue)
            guard state.nextLook.map({ job.deadline < $0 }) ?? true else { return false }
            state.nextLook = job.deadline
            return true
        }
        if isEarlier { wake.signal() }
    }

    func remove(_ job: any Job) { state.withLock { $0.entries[ObjectIdentifier(job)] = nil } }

    func stop() {
        state.withLock { $0.isStopped = true }
        wake.signal()
    }

    /// The body of the watch's thread.
    func run() {
        while true {
            let (stop, look, due) = state.withLock { state in
                let now = ContinuousClock.now
                let due = state.entries.values.filter { $0.job.deadline <= now }
                for entry in due { state.entries[ObjectIdentifier(entry.job)] = nil }
                state.nextLook = state.entries.values.lazy.map(\.job.deadline).min()
                return (state.isStopped, state.nextLook, due)
            }
            for entry in due {
                entry.queue.remove(entry.job)
                entry.job.interrupt(.expired)
            }
            if stop { return }
            if let look {
                _ = wake.wait(timeout: .now() + .milliseconds(Int((look - .now).milliseconds)))
            } else {
                wake.wait()
            }
        }
    }
}
