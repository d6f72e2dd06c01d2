import Dispatch
import Synchronization

/// A bounded queue that own threads wait on. Jobs that pin their thread for long (leases) have a limit of their own and
/// wait aside while it is reached.
final class JobQueue: Sendable {
    private let limit: Int
    private let leaseLimit: Int
    /// One token for each job that was pushed; tokens of jobs that were taken back are spurious and do no harm.
    private let tokens = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    private struct State {
        var plain: [any Job] = []
        var leases: [any Job] = []
        var openLeases = 0
        var refusal: MongoError?
    }

    private enum Turn {
        case job(any Job)
        case nothing
        case finished
    }

    init(limit: Int, leaseLimit: Int = 0) {
        self.limit = limit
        self.leaseLimit = leaseLimit
    }

    /// Adds a job, or says why not.
    func push(_ job: any Job, isLease: Bool = false) -> MongoError? {
        let refusal = state.withLock { state -> MongoError? in
            if let refusal = state.refusal { return refusal }
            guard (isLease ? state.leases : state.plain).count < limit else {
                return MongoError(.queueFull, "\(limit) operations are waiting already, which is the limit")
            }
            if isLease { state.leases.append(job) } else { state.plain.append(job) }
            return nil
        }
        if refusal == nil { tokens.signal() }
        return refusal
    }

    /// Waits for the next job. `nil` when the queue is closed and empty, or `end` has come.
    func next(until end: ContinuousClock.Instant? = nil) -> (any Job)? {
        while true {
            if let end {
                let left = DispatchTimeInterval.milliseconds(Int((end - .now).milliseconds))
                guard tokens.wait(timeout: .now() + left) == .success else { return nil }
            } else {
                tokens.wait()
            }
            switch state.withLock({ take(&$0) }) {
            case .job(let job): return job
            case .nothing: continue
            case .finished:
                // Hand the news on to the next waiting thread.
                tokens.signal()
                return nil
            }
        }
    }

    private func take(_ state: inout State) -> Turn {
        if state.openLeases < leaseLimit, !state.leases.isEmpty {
            state.openLeases += 1
            return .job(state.leases.removeFirst())
        }
        if !state.plain.isEmpty { return .job(state.plain.removeFirst()) }
        return state.refusal != nil && state.leases.isEmpty ? .finished : .nothing
    }

    /// A lease has given its thread back.
    func leaseEnded() {
        state.withLock { $0.openLeases -= 1 }
        tokens.signal()
    }

    /// Takes a job back whose caller does not wait any more, so that it does not fill the queue.
    func remove(_ job: any Job) {
        state.withLock { state in
            state.plain.removeAll { $0 === job }
            state.leases.removeAll { $0 === job }
        }
    }

    /// Refuses new jobs from now on. Those that wait are still done.
    func close(_ refusal: MongoError) {
        state.withLock { state in if state.refusal == nil { state.refusal = refusal } }
        tokens.signal()
    }

    /// Refuses new jobs and fails those that wait.
    func abandon(_ refusal: MongoError) {
        close(refusal)
        let left = state.withLock { state in
            defer { (state.plain, state.leases) = ([], []) }
            return state.plain + state.leases
        }
        for job in left { job.fail(refusal) }
    }

    /// How many jobs wait.
    var count: Int { state.withLock { $0.plain.count + $0.leases.count } }
}
