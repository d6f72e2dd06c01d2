import Foundation

/// Which turn runs next. Pure: no clock, no locks, no tasks.
///
/// Messages of one conversation are worked off one after the other; a company runs only so many turns at once, so that
/// its backlog does not delay another company's turn; and the whole queue is bounded.
struct TurnQueue<Job> {
    struct Lane: Hashable {
        var companyId: UUID
        var conversationId: UUID
    }

    let limit: Int
    let atOnce: Int
    let perCompany: Int
    private(set) var waiting = 0
    private(set) var running = 0
    private var lanes: [Lane: [Job]] = [:]
    /// Conversations with work and none running, the one that waited longest first.
    private var ready: [Lane] = []
    private var busy: Set<Lane> = []
    private var runningOf: [UUID: Int] = [:]

    init(limit: Int, atOnce: Int, perCompany: Int) {
        self.limit = limit
        self.atOnce = atOnce
        self.perCompany = perCompany
    }

    /// Takes a job in; false when the queue is full.
    mutating func enqueue(_ job: Job, in lane: Lane) -> Bool {
        guard waiting < limit else { return false }
        waiting += 1
        if lanes[lane, default: []].isEmpty, !busy.contains(lane) { ready.append(lane) }
        lanes[lane, default: []].append(job)
        return true
    }

    /// The job to start now, or nil when nothing may run.
    mutating func next() -> (job: Job, lane: Lane)? {
        guard running < atOnce else { return nil }
        guard let place = ready.firstIndex(where: { runningOf[$0.companyId, default: 0] < perCompany }) else {
            return nil
        }
        let lane = ready.remove(at: place)
        guard var jobs = lanes[lane], !jobs.isEmpty else { return nil }
        let job = jobs.removeFirst()
        lanes[lane] = jobs.isEmpty ? nil : jobs
        busy.insert(lane)
        runningOf[lane.companyId, default: 0] += 1
        waiting -= 1
        running += 1
        return (job, lane)
    }

    /// Notes that the running job of a conversation ended.
    mutating func finish(_ lane: Lane) {
        guard busy.remove(lane) != nil else { return }
        running -= 1
        let left = runningOf[lane.companyId, default: 1] - 1
        runningOf[lane.companyId] = left == 0 ? nil : left
        if lanes[lane] != nil { ready.append(lane) }
    }

    /// Takes everything out that waits.
    mutating func drain() -> [Job] {
        defer {
            lanes = [:]
            ready = []
            waiting = 0
        }
        return lanes.values.flatMap { $0 }
    }
}
