/// Blocking work that one worker thread does. Whoever asked gets exactly one answer.
protocol Job: AnyObject, Sendable {
    /// When to give the asker an answer in any case.
    var deadline: ContinuousClock.Instant { get }
    /// Does the work, unless the asker has been answered already.
    func run(in context: WorkerContext)
    /// Answers the asker with an error, unless answered already.
    func fail(_ error: MongoError)
    /// Answers the asker because its time is up or it was cancelled, unless answered already.
    func interrupt(_ reason: Interruption)
}

/// Why an asker does not wait any longer.
enum Interruption: Sendable {
    case expired
    case cancelled

    /// What to tell: a write that was under way may have happened.
    func error(running: Bool, intent: Intent) -> MongoError {
        let why = self == .expired ? "its time was up" : "its task was cancelled"
        if running, intent.mayHaveHappened {
            return MongoError(.outcomeUnknown, "Nobody waited for the answer to the write, because \(why)")
        }
        let place = running ? "while the server worked on it" : "before it was sent"
        return MongoError(self == .expired ? .timeout : .cancelled, "The operation ended \(place), because \(why)")
    }
}
