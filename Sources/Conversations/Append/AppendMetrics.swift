import Metrics

/// What the group commit tells of itself.
struct AppendMetrics: Sendable {
    private let stored = Counter(label: "switchboard_messages_stored_total")
    private let repeats = Counter(label: "switchboard_messages_repeated_total")
    private let races = Counter(label: "switchboard_append_races_lost_total")
    private let batch = Recorder(label: "switchboard_append_batch_messages")
    private let waiting = Gauge(label: "switchboard_append_waiting_messages")

    func settled(_ settlement: AppendSettlement, batch count: Int, waiting: Int) {
        stored.increment(by: settlement.acknowledged.count)
        repeats.increment(by: settlement.duplicates.count)
        races.increment(by: settlement.backoffs.count)
        batch.record(count)
        self.waiting.record(waiting)
    }
}
